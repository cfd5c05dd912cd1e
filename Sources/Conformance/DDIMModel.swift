import Basics
import Checkpoints
import Engine
import Networks

/// The sections `data` and `model` of a configuration of ermongroup/ddim, and its checkpoint: what a pipeline says in
/// its own words is read here from the authors' file.
struct DDIMModel {
  let network: any Network
  /// The parameters the sampling script uses, under the graph's names.
  let tensors: any TensorSource
  let weights: String
  let device: any Device

  init(_ golden: GoldenCase, config: FieldReader) throws {
    guard let weights = golden.weights else { throw PlumbError("the case has no weights", kind: .input, at: "weights") }
    self.weights = weights
    device = golden.device
    guard let arguments = config.value("model")?.object else { throw PlumbError("not an object", kind: .input, at: "config.model") }
    let data = try config.object("data")
    // Said of files and of what is done to pictures; `rescaled` pictures have values in [-1, 1].
    data.accept("dataset", "category", "channels", "logit_transform", "uniform_dequantization", "gaussian_dequantization")
    data.accept("random_flip", "num_workers", "rescaled")
    let size = JSONValue(try data.integer("image_size"))
    network = try NetworkCatalogue.network(
      architecture: "ddim-unet", configuration: .object(arguments.merging(["image_size": size]) { $1 }))
    let usesAverage = arguments["ema"]?.bool ?? false
    tensors = try network.tensors(in: CheckpointFile.open(weights), choice: usesAverage ? .authors : .raw)
  }

  /// One run of one of the network's graphs: every output by name.
  func run(_ graph: Graph, _ inputs: [String: [Float]], count: Int) throws -> [String: HostTensor] {
    try graph.run(inputs, count: count, weights: tensors, at: weights, on: device)
  }
}
