import Basics
import Checkpoints
import Engine
import Networks
import Testing

/// A checkpoint's header may say any shape: every network meets it with a message or does not know it, and none ends the program.
@Suite struct HostileShapeTests {
  /// A small network of every architecture whose files tell what is in them.
  private static let configurations: [String: JSONValue] = [
    "adm-unet": [
      "image_size": 8, "in_channels": 3, "model_channels": 32, "out_channels": 3, "num_res_blocks": 1, "channel_mult": [1, 2],
      "attention_resolutions": [2], "num_classes": 10, "use_scale_shift_norm": true,
    ],
    "adm-classifier": [
      "image_size": 8, "in_channels": 3, "model_channels": 32, "out_channels": 10, "num_res_blocks": 1, "channel_mult": [1, 2],
      "attention_resolutions": [2], "num_head_channels": 32, "pool": "attention", "use_scale_shift_norm": true,
    ],
    "song-unet": [
      "img_resolution": 8, "in_channels": 3, "out_channels": 3, "model_channels": 16, "channel_mult": [1, 2], "num_blocks": 1,
      "attn_resolutions": [4], "label_dim": 10,
    ],
    "dhariwal-unet": [
      "img_resolution": 8, "in_channels": 3, "out_channels": 3, "model_channels": 64, "channel_mult": [1, 2], "num_blocks": 1,
      "attn_resolutions": [4], "label_dim": 10,
    ],
    "digits-features": [:],
    "ldm-unet": [
      "image_size": 8, "in_channels": 3, "model_channels": 32, "out_channels": 3, "num_res_blocks": 1, "channel_mult": [1, 2],
      "attention_resolutions": [2], "num_head_channels": 32, "use_spatial_transformer": true, "context_dim": 16, "n_classes": 10,
    ],
    "ldm-vq": [
      "in_channels": 3, "out_ch": 3, "ch": 32, "ch_mult": [1, 2], "num_res_blocks": 1, "resolution": 8, "attn_resolutions": [4],
      "z_channels": 3, "embed_dim": 3, "n_embed": 16,
    ],
    "ldm-kl": [
      "in_channels": 3, "out_ch": 3, "ch": 32, "ch_mult": [1, 2], "num_res_blocks": 1, "resolution": 8, "attn_resolutions": [4],
      "z_channels": 4, "embed_dim": 4,
    ],
    "ddim-unet": [
      "resolution": 8, "in_channels": 3, "out_ch": 3, "ch": 32, "ch_mult": [1, 2], "num_res_blocks": 1, "attn_resolutions": [4],
    ],
    "dit": ["input_size": 8, "hidden_size": 32, "depth": 1, "num_heads": 2, "num_classes": 10],
  ]

  /// The largest number there is, one more than any network takes, one it might take, and what is no extent.
  private static let extents = [Int.max, 1 << 31 + 1, 1 << 31, 0, -1]

  @Test(arguments: NetworkCatalogue.all.map { $0.architecture })
  func `an extent of any size in any tensor of a checkpoint is met with a message`(architecture: String) throws {
    let configuration = try #require(Self.configurations[architecture], "the architecture has no line in this table")
    let network = try NetworkCatalogue.network(architecture: architecture, configuration: configuration)
    let parameters = try network.parameters()
    #expect(try Self.isTaken(TensorHeader(parameters), by: network), "an honest file is not known")
    for (position, parameter) in parameters.enumerated() {
      for axis in parameter.shape.indices {
        // The largest everywhere, the others somewhere.
        let extent = Self.extents[(position + axis) % Self.extents.count]
        for extent in Set([Int.max, extent]) {
          var changed = parameters
          var shape = parameter.shape
          shape[axis] = extent
          changed[position] = ParameterSpec(name: parameter.name, shape: shape)
          let isTaken = try Self.isTaken(TensorHeader(changed), by: network, parameters)
          #expect(!isTaken, "\(parameter.name) \(shape) is taken for the network's")
        }
      }
    }
  }

  @Test(arguments: NetworkCatalogue.all.map { $0.architecture })
  func `a checkpoint that is nothing but such extents is met with a message by every network`(architecture: String) throws {
    let configuration = try #require(Self.configurations[architecture])
    let parameters = try NetworkCatalogue.network(architecture: architecture, configuration: configuration).parameters()
    for extent in Self.extents {
      let header = TensorHeader(parameters.map { ParameterSpec(name: $0.name, shape: $0.shape.map { _ in extent }) })
      for (other, configuration) in Self.configurations {
        let network = try NetworkCatalogue.network(architecture: other, configuration: configuration)
        #expect(try !Self.isTaken(header, by: network), "taken for \(other)")
      }
    }
  }

  /// Whether a file is taken for one of the network's architecture, what it does not tell being the network's. Throws what is
  /// no message.
  private static func isTaken(
    _ source: TensorHeader, by network: any Network, _ parameters: [ParameterSpec]? = nil
  ) throws -> Bool {
    do {
      guard let recognition = try type(of: network).recognise(source) else { return false }
      let own = network.configuration.object ?? [:]
      let given = Dictionary(
        recognition.undetermined.map { ($0.name, own[$0.name] ?? .null) }, uniquingKeysWith: { first, _ in first })
      let recognised = try type(of: network).init(configuration: recognition.completed(by: given))
      // The network's own graph is known: to build it for every header would take minutes.
      if let parameters, recognised.configuration == network.configuration {
        return ParameterMismatch.all(parameters, against: source.entries).isEmpty
      }
      try recognised.graph().check(against: recognised.tensors(in: source, choice: .authors).entries, at: "header")
      return true
    } catch is PlumbError {
      return false
    }
  }
}
