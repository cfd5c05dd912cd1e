import Basics
public import Diffusion
public import Engine

/// A lane of the engine as the network of a chain.
public struct LanePredictor: NoisePredictor {
  private let lane: any Lane
  private let imageCount: Int
  private let isClassConditional: Bool
  private var timesteps: [Float]
  private var labels: [Float]
  private let advanced: (Int) -> Void

  /// - Parameters:
  ///   - imageCount: values of one image, C · H · W.
  ///   - advanced: told the number of images after each evaluation.
  public init(lane: any Lane, batch: Int, imageCount: Int, isClassConditional: Bool, advanced: @escaping (Int) -> Void = { _ in }) {
    self.lane = lane
    self.imageCount = imageCount
    self.isClassConditional = isClassConditional
    self.advanced = advanced
    timesteps = [Float](repeating: 0, count: batch)
    labels = [Float](repeating: 0, count: batch)
  }

  public mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels classes: [Int32]?, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    guard count <= timesteps.count else {
      throw PlumbError("a batch is larger than its lane", expected: "at most \(timesteps.count)", found: "\(count)")
    }
    for position in 0..<count { timesteps[position] = timestep }
    if isClassConditional {
      guard let classes, classes.count == count else { throw PlumbError("a class-conditional network needs one class per image") }
      for position in 0..<count { labels[position] = Float(classes[position]) }
    }
    try timesteps.withUnsafeBufferPointer { timesteps in
      try labels.withUnsafeBufferPointer { labels in
        var inputs = ["x": x, "timesteps": timesteps]
        if isClassConditional { inputs["labels"] = labels }
        try lane.run(count: count, inputs: inputs, outputs: ["out": out])
      }
    }
    advanced(count)
  }
}
