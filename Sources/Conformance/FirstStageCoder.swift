import Basics
import Checkpoints
import Diffusion
import Engine
import Networks

/// A model with a first stage, as a case gives it.
protocol FirstStageModel {
  /// The first stage for pictures of this size.
  func autoencoder(size: Int) throws -> any FirstStage
  /// One run of one of its graphs.
  func evaluate(_ graph: Graph, of stage: any FirstStage, _ inputs: [String: [Float]], count: Int) throws -> [String: HostTensor]
}

extension LDMModel: FirstStageModel {
  func evaluate(_ graph: Graph, of stage: any FirstStage, _ inputs: [String: [Float]], count: Int) throws -> [String: HostTensor] {
    try run(graph, of: stage, inputs, count: count, choice: .raw)
  }
}

/// A folder of Diffusers: config.json beside the weights.
struct DiffusersModel: FirstStageModel {
  private let source: any TensorSource
  private let weights: String
  private let device: any Device
  private let arguments: [String: JSONValue]

  init(_ golden: GoldenCase, config: FieldReader) throws {
    guard let weights = golden.weights else { throw PlumbError("the case has no weights", kind: .input, at: "weights") }
    self.weights = weights
    device = golden.device
    source = try CheckpointFile.open(weights)
    let path = try golden.folder + "/" + config.text("vae")
    var arguments = try JSONValue(contentsOf: path).object ?? [:]
    arguments["scaling_factor"] = .number(try config.number("latent_scale"))
    self.arguments = arguments
  }

  func autoencoder(size: Int) throws -> any FirstStage {
    try Autoencoder<GaussianLatents>(configuration: .object(arguments.merging(["image_size": JSONValue(size)]) { $1 }))
  }

  func evaluate(_ graph: Graph, of stage: any FirstStage, _ inputs: [String: [Float]], count: Int) throws -> [String: HostTensor] {
    let tensors = try stage.tensors(in: source, choice: .authors)
    return try graph.run(inputs, count: count, weights: tensors.restricted(to: graph), at: weights, on: device)
  }
}

extension TensorSource {
  /// Those of the tensors that a graph wants, where the source has them: one of several graphs of a network.
  func restricted(to graph: Graph) throws -> any TensorSource {
    let known = Set(entries.map(\.name))
    return try RenamedTensors(self, graph.parameters.filter { known.contains($0.name) }.map { (name: $0.name, of: $0.name, shape: nil) })
  }
}

/// Encodes the input "image" and decodes the input "latent".
///
/// The stages' own coder hands out latents and pictures only; a case compares what lies between (moments, codebook entries), of
/// a network that is in no artifact. What both do with it, the posterior and the bytes, is the same code.
struct FirstStageCoder {
  private let model: any FirstStageModel
  private let inputs: CaseInputs

  init(_ model: any FirstStageModel, _ inputs: CaseInputs) {
    self.model = model
    self.inputs = inputs
  }

  private func input(_ name: String) throws -> HostTensor {
    let tensor = try inputs.read(name)
    guard tensor.shape.count == 4, tensor.shape[2] == tensor.shape[3] else {
      throw PlumbError("not square pictures", kind: .input, at: name, expected: "[N, C, S, S]", found: "\(tensor.shape)")
    }
    return tensor
  }

  private func stage(_ pictures: HostTensor, factor: Int = 1) throws -> any FirstStage {
    let (size, overflow) = pictures.shape[2].multipliedReportingOverflow(by: factor)
    guard !overflow else { throw PlumbError("latents are too large", kind: .input, found: "\(pictures.shape)") }
    return try model.autoencoder(size: size)
  }

  /// What the encoder gives for "image".
  func encode() throws -> HostTensor {
    let image = try input("image")
    let stage = try stage(image)
    let results = try model.evaluate(stage.encoderGraph(), of: stage, ["x": image.floats()], count: image.shape[0])
    guard let encoded = results["encoded"] else { throw PlumbError("the encoder gives nothing") }
    return encoded
  }

  /// "decoded" from "latent", and the taps.
  func decode(taps: Set<String> = []) throws -> [String: HostTensor] {
    let latent = try input("latent")
    // How much smaller latents are does not depend on the size it is asked of.
    let image = try input("image")
    let probe = try stage(image)
    let stage = try stage(latent, factor: probe.image.height / probe.latent.height)
    var results = try model.evaluate(stage.decoderGraph(taps: taps), of: stage, ["x": latent.floats()], count: latent.shape[0])
    results["decoded"] = results["out"]
    return results
  }

  /// Encodings in the scale a sampler works in.
  func scaled(_ values: [Float], shape: [Int]) throws -> HostTensor {
    let factor = Float(try stage(input("image")).scaleFactor)
    return try HostTensor(floats: values.map { factor * $0 }, shape: shape)
  }

  /// "mean", "mode", "logvar", "std" of moments [N, 2C, h, w], and with noise "sample".
  static func posterior(_ moments: HostTensor, noise: [Float]? = nil) throws -> [String: HostTensor] {
    guard moments.shape.count == 4, moments.shape[1] % 2 == 0 else {
      throw PlumbError("not moments", kind: .input, expected: "[N, 2C, h, w]", found: "\(moments.shape)")
    }
    var shape = moments.shape
    shape[1] /= 2
    let posterior = try LatentMoments(moments.floats(), channels: shape[1], area: shape[2] * shape[3])
    var results = [
      "mean": try HostTensor(floats: posterior.mean, shape: shape), "logvar": try HostTensor(floats: posterior.logVariance, shape: shape),
      "std": try HostTensor(floats: posterior.deviation, shape: shape),
    ]
    results["mode"] = results["mean"]
    if let noise { results["sample"] = try HostTensor(floats: posterior.sample(noise), shape: shape) }
    return results
  }

  /// Pictures as bytes [N, H, W, C], once for every rule.
  static func bytes(_ pictures: HostTensor?, _ rules: [(name: String, rule: PixelRule)]) throws -> [String: HostTensor] {
    guard let pictures else { return [:] }
    let shape = pictures.shape
    var results: [String: HostTensor] = [:]
    for (name, rule) in rules {
      let bytes = try pictures.floats().withUnsafeBufferPointer {
        try Pixels.channelsLast($0, channels: shape[1], height: shape[2], width: shape[3], rule: rule)
      }
      results[name] = try HostTensor(dtype: .uint8, shape: [shape[0], shape[2], shape[3], shape[1]], bytes: bytes)
    }
    return results
  }
}
