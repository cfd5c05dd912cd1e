import Basics
import Checkpoints
import Engine
import Networks
import StageRuntime

/// The network of a case: the architecture it names, its checkpoint, and a lane for one batch size.
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
  var imageShape: [Int] { [network.image.channels, network.image.height, network.image.width] }

  /// A lane over the checkpoint as the network of chains.
  func predictor(batch: Int) throws -> LanePredictor {
    LanePredictor(
      lane: try lane(network.graph(taps: []), batch: batch), batch: batch, imageCount: network.image.count,
      isClassConditional: network.classCount != nil)
  }

  private func lane(_ graph: Graph, batch: Int) throws -> any Lane {
    let source = try CheckpointFile.open(weights)
    try graph.check(against: source.entries, at: weights)
    return try device.lane(of: graph, weights: source, batch: batch)
  }

  /// One evaluation: the output and values inside the network by name, each in the shape the network gives it.
  func evaluate(_ x: [Float], timesteps: [Float], labels: [Float]?, outputs names: [String]) throws -> [String: HostTensor] {
    let count = timesteps.count
    let graph = try network.graph(taps: type(of: network).taps.intersection(names))
    let lane = try lane(graph, batch: count)
    var results: [String: HostTensor] = [:]
    try x.withUnsafeBufferPointer { x in
      try timesteps.withUnsafeBufferPointer { timesteps in
        try (labels ?? []).withUnsafeBufferPointer { labelValues in
          var feeds = ["x": x, "timesteps": timesteps]
          if labels != nil { feeds["labels"] = labelValues }
          for output in graph.outputs where names.contains(output.name) {
            var values = [Float](repeating: .nan, count: count * output.shape.count)
            try values.withUnsafeMutableBufferPointer { try lane.run(count: count, inputs: feeds, outputs: [output.name: $0]) }
            results[output.name] = try HostTensor(floats: values, shape: [count] + output.shape.extents)
          }
        }
      }
    }
    return results
  }

  /// The classes in the input `y` of a class-conditional case, one for each image.
  func classes(_ inputs: CaseInputs, count: Int) throws -> [Int32]? {
    guard network.classCount != nil else { return nil }
    let classes = try inputs.read("y").integers()
    guard classes.count == count else {
      throw PlumbError("classes do not fit the images", kind: .input, at: "y", expected: "\(count)", found: "\(classes.count)")
    }
    return try classes.map { label in
      guard let label = Int32(exactly: label) else { throw PlumbError("no such class", kind: .input, at: "y", found: "\(label)") }
      return label
    }
  }
}

extension ValueShape {
  /// The extents of one sample as outputs have them: channels first.
  fileprivate var extents: [Int] {
    switch self {
    case .image(let height, let width, let channels): [channels, height, width]
    case .vector(let width): [width]
    case .scalar: []
    }
  }
}
