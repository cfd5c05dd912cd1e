import Basics
import Checkpoints
import Engine
import EngineCPU
import Networks
import Testing

@Suite struct AutoencoderTests {
  static let released: [(name: String, architecture: String, configuration: JSONValue, parameters: Int, tensors: Int)] = [
    (
      "celeba256", "ldm-vq",
      [
        "embed_dim": 3, "n_embed": 8192, "lossconfig": ["target": "torch.nn.Identity"],
        "ddconfig": [
          "double_z": false, "z_channels": 3, "resolution": 256, "in_channels": 3, "out_ch": 3, "ch": 128, "ch_mult": [1, 2, 4],
          "num_res_blocks": 2, "attn_resolutions": [], "dropout": 0.0,
        ],
      ], 55_322_782, 205
    ),
    (
      "lsun_churches256", "ldm-kl",
      [
        "embed_dim": 4, "monitor": "val/rec_loss",
        "ddconfig": [
          "double_z": true, "z_channels": 4, "resolution": 256, "in_channels": 3, "out_ch": 3, "ch": 128, "ch_mult": [1, 2, 4, 4],
          "num_res_blocks": 2, "attn_resolutions": [], "dropout": 0.0,
        ],
      ], 83_653_863, 248
    ),
    (
      "cin256", "ldm-vq",
      [
        "embed_dim": 4, "n_embed": 16384,
        "ddconfig": [
          "double_z": false, "z_channels": 4, "resolution": 256, "in_channels": 3, "out_ch": 3, "ch": 128, "ch_mult": [1, 2, 2, 4],
          "num_res_blocks": 2, "attn_resolutions": [32], "dropout": 0.0,
        ],
      ], 67_717_295, 299
    ),
    (
      "sd-vae-ft-ema", "ldm-kl",
      [
        "_class_name": "AutoencoderKL", "act_fn": "silu", "block_out_channels": [128, 256, 512, 512], "in_channels": 3,
        "out_channels": 3, "latent_channels": 4, "layers_per_block": 2, "norm_num_groups": 32, "sample_size": 256,
        "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
        "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"],
      ], 83_653_863, 248
    ),
  ]

  private func stage(_ architecture: String, _ configuration: JSONValue) throws -> any FirstStage {
    try #require(try NetworkCatalogue.network(architecture: architecture, configuration: configuration) as? any FirstStage)
  }

  @Test(arguments: released.indices) func aReleasedConfigurationHasThePublishedSize(index: Int) throws {
    let (name, architecture, configuration, parameters, tensors) = Self.released[index]
    let stage = try stage(architecture, configuration)
    #expect(try stage.parameters().elementCount == parameters, "\(name)")
    #expect(try stage.parameters().count == tensors, "\(name)")
    #expect(try self.stage(architecture, stage.configuration).configuration == stage.configuration, "\(name)")
    // Each of the parameters is in the encoder or in the decoder.
    let halves = try stage.encoderGraph().parameters + stage.decoderGraph().parameters
    #expect(try Set(halves) == Set(stage.parameters()) && halves.count == tensors, "\(name)")
    let latent = try #require(stage.encoderGraph().outputs.first).shape
    let factor = stage.encoding == .moments ? 2 : 1
    #expect(latent == .image(height: stage.latent.height, width: stage.latent.width, channels: factor * stage.latent.channels))
    #expect(try stage.decoderGraph().outputs.first?.shape == .image(height: 256, width: 256, channels: 3))
  }

  /// As LDM names them, alone and in a whole model.
  @Test(arguments: released.indices, ["", "state_dict/", "state_dict/first_stage_model."])
  func aCheckpointIsRecognisedFromItsHeader(index: Int, prefix: String) throws {
    let (name, architecture, configuration, _, _) = Self.released[index]
    let stage = try stage(architecture, configuration)
    let type = Swift.type(of: stage)
    let file = TensorHeader(try stage.parameters()) { prefix + $0 }
    let recognition = try #require(try type.recognise(file))
    let scale = JSONValue.number(stage.scaleFactor)
    let found = try type.init(configuration: recognition.completed(by: ["resolution": 256, "scale_factor": scale]))
    #expect(found.configuration == stage.configuration, "\(name)")
    #expect(try found.tensors(in: file, choice: .authors).entries.map(\.name) == stage.parameters().map(\.name))
  }

  /// Diffusers' names, linear layers for the attention's convolutions; spelled out, so that a mistake in the map shows.
  @Test(arguments: [["to_q", "to_k", "to_v", "to_out.0"], ["query", "key", "value", "proj_attn"]])
  func diffusersNamesAreTheSameNetwork(attention: [String]) throws {
    let configuration = Self.released[3].configuration
    let stage = try stage("ldm-kl", configuration)
    let shapes = Dictionary(uniqueKeysWithValues: try stage.parameters().map { ($0.name, $0.shape) })
    var names: [String: String] = [:]
    for part in ["weight", "bias"] {
      for name in ["encoder.conv_in", "encoder.conv_out", "decoder.conv_in", "decoder.conv_out", "quant_conv", "post_quant_conv"] {
        names["\(name).\(part)"] = "\(name).\(part)"
      }
      for half in ["encoder", "decoder"] {
        names["\(half).norm_out.\(part)"] = "\(half).conv_norm_out.\(part)"
        names["\(half).mid.attn_1.norm.\(part)"] = "\(half).mid_block.attentions.0.group_norm.\(part)"
        for (ours, theirs) in zip(["q", "k", "v", "proj_out"], attention) {
          names["\(half).mid.attn_1.\(ours).\(part)"] = "\(half).mid_block.attentions.0.\(theirs).\(part)"
        }
        for layer in ["norm1", "conv1", "norm2", "conv2"] {
          for block in 0..<2 {
            names["\(half).mid.block_\(block + 1).\(layer).\(part)"] = "\(half).mid_block.resnets.\(block).\(layer).\(part)"
          }
        }
      }
      for level in 0..<4 {
        for layer in ["norm1", "conv1", "norm2", "conv2"] {
          for block in 0..<2 {
            names["encoder.down.\(level).block.\(block).\(layer).\(part)"] =
              "encoder.down_blocks.\(level).resnets.\(block).\(layer).\(part)"
          }
          for block in 0..<3 {
            names["decoder.up.\(level).block.\(block).\(layer).\(part)"] =
              "decoder.up_blocks.\(3 - level).resnets.\(block).\(layer).\(part)"
          }
        }
      }
      for level in 0..<3 {
        names["encoder.down.\(level).downsample.conv.\(part)"] = "encoder.down_blocks.\(level).downsamplers.0.conv.\(part)"
        names["decoder.up.\(3 - level).upsample.conv.\(part)"] = "decoder.up_blocks.\(level).upsamplers.0.conv.\(part)"
      }
      for level in [1, 2] {
        names["encoder.down.\(level).block.0.nin_shortcut.\(part)"] = "encoder.down_blocks.\(level).resnets.0.conv_shortcut.\(part)"
      }
      for level in [0, 1] {
        names["decoder.up.\(level).block.0.nin_shortcut.\(part)"] = "decoder.up_blocks.\(3 - level).resnets.0.conv_shortcut.\(part)"
      }
    }
    #expect(Set(names.keys) == Set(shapes.keys))
    let file = TensorHeader(
      names.map { ours, theirs in
        let shape = shapes[ours] ?? []
        return ParameterSpec(name: theirs, shape: ours.contains("attn_1") ? Array(shape.prefix(2)) : shape)
      })
    let tensors = try stage.tensors(in: file, choice: .authors)
    #expect(try stage.graph().mismatches(against: tensors.entries) == [])
    let recognition = try #require(try Autoencoder<GaussianLatents>.recognise(file))
    let found = try Autoencoder<GaussianLatents>(configuration: recognition.completed(by: ["resolution": 256, "norm_num_groups": 32]))
    #expect(found.configuration == stage.configuration)
  }

  @Test func errorsNameTheField() throws {
    func place(_ architecture: String, _ index: Int, _ changes: [String: JSONValue]) -> String? {
      let fields = (Self.released[index].configuration.object ?? [:]).merging(changes) { $1 }
      return #expect(throws: PlumbError.self) { try NetworkCatalogue.network(architecture: architecture, configuration: .object(fields)) }?
        .place
    }
    #expect(place("ldm-kl", 0, [:]) == "n_embed")
    #expect(place("ldm-vq", 0, ["n_embed": .null]) == "n_embed")
    #expect(place("ldm-vq", 0, ["image_size": 258]) == "image_size")
    #expect(place("ldm-vq", 0, ["use_linear_attn": true]) == "use_linear_attn")
    #expect(place("ldm-vq", 0, ["ddconfig": []]) == "ddconfig")
    #expect(place("ldm-kl", 3, ["norm_num_groups": 48]) == "ch")
    #expect(place("ldm-kl", 3, ["shift_factor": 0.1]) == "shift_factor")
    #expect(place("ldm-kl", 3, ["act_fn": "relu"]) == "act_fn")
    #expect(place("ldm-kl", 3, ["up_block_types": ["AttnUpDecoderBlock2D"]]) == "up_block_types")
    #expect(try stage("ldm-kl", Self.released[3].configuration).scaleFactor == 0.18215)
  }

  /// 1024 pixels attend at a width of 512, and 256x256 pixels have 128 channels: 32 MiB a value.
  @Test func aReleasedDecoderNeedsAFewOfItsLargestValues() throws {
    let graph = try stage("ldm-kl", Self.released[1].configuration).decoderGraph()
    let network = try CPUDevice().compile(graph, batch: 1)
    #expect(network.arenaBytes < 5 * 256 * 256 * 256 * 4)
  }

  /// A tap of the other kind is refused.
  @Test func onlyACodebookCanBeLookedInto() throws {
    #expect(throws: PlumbError.self) { try stage("ldm-kl", Self.released[1].configuration).decoderGraph(taps: ["indices"]) }
    let outputs = try stage("ldm-vq", Self.released[0].configuration).decoderGraph(taps: ["indices", "quantized"]).outputs
    #expect(Set(outputs.map(\.name)) == ["indices", "quantized", "out"])
  }
}
