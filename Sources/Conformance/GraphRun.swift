import Basics
import Checkpoints
import Engine
import Networks
import StageRuntime

extension Graph {
  /// One run on `count` samples: every output by name, in the shape the graph gives it with the samples in front. The tensors
  /// of `source` must be exactly the graph's.
  func run(
    _ inputs: [String: [Float]], count: Int, weights source: any TensorSource, at place: String, on device: any Device
  ) throws -> [String: HostTensor] {
    try check(against: source.entries, at: place)
    let lane = try device.lane(of: self, weights: source, batch: count)
    let feeds = inputs.mapValues { values in
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
      _ = buffer.initialize(from: values)
      return buffer
    }
    defer { for buffer in feeds.values { buffer.deallocate() } }
    var results: [String: UnsafeMutableBufferPointer<Float>] = [:]
    defer { for buffer in results.values { buffer.deallocate() } }
    for output in outputs {
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: count * output.shape.count)
      buffer.initialize(repeating: .nan)
      results[output.name] = buffer
    }
    try lane.run(count: count, inputs: feeds.mapValues { UnsafeBufferPointer($0) }, outputs: results)
    var tensors: [String: HostTensor] = [:]
    for output in outputs {
      guard let values = results[output.name] else { continue }
      tensors[output.name] = try HostTensor(floats: Array(values), shape: [count] + output.shape.tensorExtents)
    }
    return tensors
  }
}

extension LanePredictor {
  /// A network over its tensors, which must be exactly the graph's, as the network of a chain.
  init(_ network: any Network, _ tensors: any TensorSource, at place: String, batch: Int, on device: any Device) throws {
    let graph = try network.graph()
    try graph.check(against: tensors.entries, at: place)
    let lane = try device.lane(of: graph, weights: tensors, batch: batch)
    self.init(lane: lane, batch: batch, imageCount: network.image.count, isClassConditional: network.classCount != nil)
  }
}

extension ImageShape {
  /// [C, H, W].
  var extents: [Int] { [channels, height, width] }
}

extension ValueShape {
  /// The extents of one sample, channels first.
  var tensorExtents: [Int] {
    switch self {
    case .image(let height, let width, let channels): [channels, height, width]
    case .vector(let width): [width]
    case .scalar: []
    }
  }
}
