import Basics
public import Diffusion
public import Engine

/// A lane over a classifier's graph with its gradient (`NoisyClassifier.guidanceGraph`).
public struct LaneClassifier: GuidingClassifier {
  private let lane: any Lane
  private let batch: Int
  private var timesteps: [Float]
  private var classes: [Float]

  /// `batch` is that of the lane; more images than that take several calls.
  public init(lane: any Lane, batch: Int) {
    self.lane = lane
    self.batch = batch
    timesteps = [Float](repeating: 0, count: batch)
    classes = timesteps
  }

  public mutating func gradient(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32], into gradient: UnsafeMutableBufferPointer<Float>
  ) throws {
    guard count > 0, labels.count == count, x.count % count == 0, gradient.count >= x.count else {
      throw PlumbError("classes and images do not fit each other", expected: "\(count)", found: "\(labels.count)")
    }
    let size = x.count / count
    for position in 0..<batch { timesteps[position] = timestep }
    for first in stride(from: 0, to: count, by: batch) {
      let images = first..<min(first + batch, count)
      for (position, image) in images.enumerated() { classes[position] = Float(labels[image]) }
      let values = images.lowerBound * size..<images.upperBound * size
      try timesteps.withUnsafeBufferPointer { timesteps in
        try classes.withUnsafeBufferPointer { classes in
          try lane.run(
            count: images.count, inputs: ["x": .init(rebasing: x[values]), "timesteps": timesteps, "labels": classes],
            outputs: ["gradient": .init(rebasing: gradient[values])])
        }
      }
    }
  }
}
