import Basics
import Checkpoints
import Networks
import Testing

/// The golden checkpoints, which the authors' code wrote.
@Suite struct LDMCheckpointTests {
  private func open(_ name: String) throws -> any TensorSource { try CheckpointFile.open(Golden.ldm + name + "/weights.ckpt") }

  private static let untold: [String: JSONValue] = ["image_size": 8, "num_head_channels": 8, "use_new_attention_order": false]

  private func network(_ file: any TensorSource) throws -> LDMUNet {
    try LDMUNet(configuration: #require(try LDMUNet.recognise(file)).completed(by: Self.untold))
  }

  @Test(arguments: ["unet-uncond", "unet-scaleshift", "unet-crossattn"])
  func namesAndShapesTellTheConfiguration(name: String) throws {
    let facts = try JSONValue(contentsOf: Golden.ldm + name + "/case.json")
    let model = try #require(facts["config"]?["model"]?["params"])
    let arguments = try #require(model["unet_config"]?["params"]?.object)
    let recognition = try #require(try LDMUNet.recognise(open(name)))
    for (argument, value) in arguments where !["image_size", "num_heads", "num_head_channels"].contains(argument) {
      #expect(recognition.configuration[argument] == value, "\(argument)")
    }
    #expect(recognition.configuration["n_classes"] == model["cond_stage_config"]?["params"]?["n_classes"])
    #expect(
      recognition.process == [
        "kind": "discrete", "noise_schedule": "ldm-linear", "beta_start": try #require(model["linear_start"]),
        "beta_end": try #require(model["linear_end"]), "diffusion_steps": 1000,
      ])
  }

  @Test func theAuthorsSampleWithTheMovingAverage() throws {
    let file = try open("unet-uncond")
    let network = try network(file)
    func tensor(_ choice: WeightChoice) throws -> HostTensor {
      try network.tensors(in: file, choice: choice).read("input_blocks.0.0.weight")
    }
    #expect(try tensor(.raw) == file.read("state_dict/model.diffusion_model.input_blocks.0.0.weight"))
    #expect(try tensor(.ema) == file.read("state_dict/model_ema.diffusion_modelinput_blocks00weight"))
    #expect(try tensor(.authors) == tensor(.ema))
    #expect(try tensor(.raw) != tensor(.ema))
    #expect(try network.graph().mismatches(against: network.tensors(in: file, choice: .authors).entries) == [])
  }

  @Test func aFileWithoutAnAverageHasOnlyTheTrainedWeights() throws {
    let file = try open("unet-crossattn")
    let network = try network(file)
    #expect(throws: PlumbError.self) { try network.tensors(in: file, choice: .ema) }
    let tensors = try network.tensors(in: file, choice: .authors)
    #expect(try tensors.read("cond_stage_model.embedding.weight") == file.read("state_dict/cond_stage_model.embedding.weight"))
    // What was read once is found again under the graph's own names.
    let own = try network.tensors(in: tensors, choice: .authors)
    #expect(own.entries.map(\.name).sorted() == tensors.entries.map(\.name).sorted())
  }

  @Test func anotherScheduleIsNotTakenForTheAuthors() throws {
    let file = try open("unet-uncond")
    let betas = (0..<1000).map { 1e-4 + Float($0) * 2e-5 }
    let changed = Replaced(file, "state_dict/betas", try HostTensor(floats: betas, shape: [1000]))
    #expect(try LDMUNet.recognise(changed)?.process == [:])
  }

  /// Without transformers and the model's prefix it may be guided-diffusion's network.
  @Test func aBareUNetIsLeftToItsOwner() throws {
    let file = try open("unet-scaleshift")
    #expect(try LDMUNet.recognise(file.under("state_dict/model.diffusion_model.")) == nil)
    #expect(try LDMUNet.recognise(open("unet-crossattn").under("state_dict/model.diffusion_model.")) != nil)
  }

  @Test func theFirstStageAndItsScaleAreInTheSameFile() throws {
    let kl = try #require(try Autoencoder<GaussianLatents>.recognise(open("unet-scaleshift")))
    #expect(try kl.configuration["scale_factor"]?.double == open("unet-scaleshift").read("state_dict/scale_factor").doubles().first)
    let vq = try #require(try Autoencoder<VectorQuantised>.recognise(open("unet-uncond")))
    #expect(vq.configuration["n_embed"] == 16 && vq.configuration["embed_dim"] == 3 && vq.configuration["ch_mult"] == [1, 1])
    #expect(try Autoencoder<VectorQuantised>.recognise(open("unet-scaleshift")) == nil)
    #expect(try Autoencoder<GaussianLatents>.recognise(open("unet-uncond")) == nil)
    #expect(try Autoencoder<GaussianLatents>.recognise(open("unet-crossattn")) == nil)
  }
}

/// A file with one tensor changed.
private struct Replaced: TensorSource {
  let source: any TensorSource
  let name: String
  let tensor: HostTensor
  var entries: [TensorEntry] { source.entries }

  init(_ source: any TensorSource, _ name: String, _ tensor: HostTensor) {
    (self.source, self.name, self.tensor) = (source, name, tensor)
  }

  func read(_ name: String) throws -> HostTensor { name == self.name ? tensor : try source.read(name) }
}
