import Basics
import Checkpoints
import Engine
import Networks
import StageRuntime

/// The network of a case: the architecture it names, and its checkpoint.
struct CaseNetwork {
  let network: any Network
  private let weights: String
  private let device: any Device

  init(_ golden: GoldenCase, config: FieldReader) throws {
    guard let weights = golden.weights else { throw PlumbError("the case has no weights", kind: .input, at: "weights") }
    self.weights = weights
    device = golden.device
    let name = try config.text("model_class")
    guard name == "guided_diffusion.unet.UNetModel" else {
      throw PlumbError(
        "unknown network class", kind: .input, at: "config.model_class", expected: "guided_diffusion.unet.UNetModel", found: name)
    }
    guard let arguments = config.value("model_args") else { throw PlumbError("a field is missing", kind: .input, at: "config.model_args") }
    network = try NetworkCatalogue.network(architecture: "adm-unet", configuration: arguments)
    // The scripts' spelling of model_args.
    config.accept("script_flags", "create_model_flags")
    if config.has("class_cond"), try config.flag("class_cond") != (network.classCount != nil) {
      throw PlumbError("class_cond contradicts num_classes", kind: .input, at: "config.class_cond")
    }
  }

  /// [C, H, W] of the images.
  var imageShape: [Int] { network.image.extents }

  /// A lane over the checkpoint as the network of chains.
  func predictor(batch: Int) throws -> LanePredictor {
    try LanePredictor(network, CheckpointFile.open(weights), at: weights, batch: batch, on: device)
  }

  /// One evaluation: the output and values inside the network by name, each in the shape the network gives it.
  func evaluate(_ x: [Float], timesteps: [Float], labels: [Float]?, outputs names: [String]) throws -> [String: HostTensor] {
    var inputs = ["x": x, "timesteps": timesteps]
    inputs["labels"] = labels
    let graph = try network.graph(taps: type(of: network).taps.intersection(names))
    return try graph.run(inputs, count: timesteps.count, weights: CheckpointFile.open(weights), at: weights, on: device)
      .filter { names.contains($0.key) }
  }

  /// The classes in the input `y` of a class-conditional case, one for each image.
  func classes(_ inputs: CaseInputs, count: Int) throws -> [Int32]? {
    network.classCount == nil ? nil : try inputs.classes("y", count: count)
  }
}
