import Basics
import Checkpoints
import Engine
import Networks
import StageRuntime

/// The `model` part of an LDM configuration and its checkpoint: `LatentDiffusion` with its U-Net, first stage and
/// conditioning. What a pipeline says in its own words is read here from the authors' file.
struct LDMModel {
  private let source: any TensorSource
  private let weights: String
  private let device: any Device
  /// Arguments of the U-Net; with the class embedding's rows where there is one.
  private let unet: [String: JSONValue]
  private let firstStage: (architecture: String, arguments: [String: JSONValue])?
  private let usesAverage: Bool
  /// What latents are encodings times of.
  let scaleFactor: Double

  init(_ golden: GoldenCase, config: FieldReader) throws {
    guard let weights = golden.weights else { throw PlumbError("the case has no weights", kind: .input, at: "weights") }
    self.weights = weights
    device = golden.device
    source = try CheckpointFile.open(weights)
    let model = try config.object("model")
    try Self.check(model, isOne: ["ldm.models.diffusion.ddpm.LatentDiffusion"])
    let fields = try model.object("params")
    // Read from the checkpoint, or said of training, logging and the order of things that there is only one way to do.
    fields.accept(
      "linear_start", "linear_end", "num_timesteps_cond", "log_every_t", "timesteps", "beta_schedule", "first_stage_key", "cond_stage_key",
      "image_size", "channels", "cond_stage_trainable", "concat_mode", "monitor", "conditioning_key", "ckpt_path", "scheduler_config",
      "loss_type")
    usesAverage = try fields.flag("use_ema", default: true)

    let network = try fields.object("unet_config")
    try Self.check(network, isOne: ["ldm.modules.diffusionmodules.openaimodel.UNetModel"])
    let classes = try Self.classes(fields)
    unet = (network.value("params")?.object ?? [:]).merging(classes.map { ["n_classes": JSONValue($0)] } ?? [:]) { $1 }
    let stage = try fields.object("first_stage_config")
    firstStage = try Self.architecture(stage).map { ($0, stage.value("params")?.object ?? [:]) }
    let byDeviation = try fields.flag("scale_by_std", default: false)
    let factor = try fields.number("scale_factor", default: 1)
    scaleFactor = byDeviation ? try source.read("state_dict/scale_factor").doubles().first ?? factor : factor
  }

  private static func check(_ fields: FieldReader, isOne names: [String]) throws {
    let target = try fields.text("target")
    guard names.contains(target) else {
      throw PlumbError("unknown class", kind: .input, at: "config.model", expected: names.joined(separator: ", "), found: target)
    }
  }

  /// Rows of the class embedding; nil for an unconditional model.
  private static func classes(_ fields: FieldReader) throws -> Int? {
    guard let conditioning = fields.value("cond_stage_config"), conditioning != "__is_unconditional__" else { return nil }
    let stage = try fields.object("cond_stage_config")
    try check(stage, isOne: ["ldm.modules.encoders.modules.ClassEmbedder"])
    let arguments = try stage.object("params")
    arguments.accept("embed_dim", "key")
    return arguments.has("n_classes") ? try arguments.integer("n_classes") : 1000
  }

  private static func architecture(_ stage: FieldReader) throws -> String? {
    let architectures = ["ldm.models.autoencoder.VQModelInterface": "ldm-vq", "ldm.models.autoencoder.AutoencoderKL": "ldm-kl"]
    try check(stage, isOne: architectures.keys.sorted() + ["ldm.models.autoencoder.IdentityFirstStage"])
    return architectures[try stage.text("target")]
  }

  /// The U-Net for latents of this size; fed `tokens` tokens of context where the case gives them, in place of classes.
  func network(size: Int, tokens: Int? = nil) throws -> any Network {
    var arguments = unet
    arguments["image_size"] = JSONValue(size)
    if let tokens {
      arguments["n_classes"] = nil
      arguments["context_tokens"] = JSONValue(tokens)
    }
    return try NetworkCatalogue.network(architecture: "ldm-unet", configuration: .object(arguments))
  }

  /// The first stage for pictures of this size; throws when latents are pictures.
  func autoencoder(size: Int) throws -> any FirstStage {
    guard let firstStage else { throw PlumbError("the model has no first stage", kind: .input, at: "config.model") }
    let arguments = firstStage.arguments.merging(["image_size": JSONValue(size), "scale_factor": .number(scaleFactor)]) { $1 }
    guard
      let stage = try NetworkCatalogue.network(architecture: firstStage.architecture, configuration: .object(arguments)) as? any FirstStage
    else { throw PlumbError("not a first stage", at: firstStage.architecture) }
    return stage
  }

  /// One run of one of a network's graphs: every output by name. `choice` is what the sampling script uses unless given.
  func run(
    _ graph: Graph, of network: any Network, _ inputs: [String: [Float]], count: Int, choice: WeightChoice? = nil
  ) throws -> [String: HostTensor] {
    let tensors = try network.tensors(in: source, choice: choice ?? (usesAverage ? .authors : .raw))
    return try graph.run(inputs, count: count, weights: tensors.restricted(to: graph), at: weights, on: device)
  }

  /// A noise network of this model in a chain.
  func predictor(_ network: any Network, batch: Int) throws -> LanePredictor {
    let tensors = try network.tensors(in: source, choice: usesAverage ? .authors : .raw)
    return try LanePredictor(network, tensors, at: weights, batch: batch, on: device)
  }

  /// The first stage whose latents have this size.
  func autoencoder(latents size: Int) throws -> any FirstStage {
    guard let resolution = firstStage?.arguments["ddconfig"]?["resolution"]?.integer, resolution > 0 else {
      throw PlumbError("the first stage has no resolution", kind: .input, at: "config.model")
    }
    // How much smaller latents are does not depend on the size it is asked of.
    let probe = try autoencoder(size: resolution)
    let (pictures, overflow) = size.multipliedReportingOverflow(by: probe.image.height / max(probe.latent.height, 1))
    guard !overflow else { throw PlumbError("latents are too large", kind: .input, found: "\(size)") }
    return try autoencoder(size: pictures)
  }
}
