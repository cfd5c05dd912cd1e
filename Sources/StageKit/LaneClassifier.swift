import Basics
import Diffusion
import Engine

/// A lane over a classifier's graph with its gradient (`ADMClassifier.guidanceGraph`).
public struct LaneClassifier: GuidingClassifier {
  private let lane: Lane
  private var timesteps: [Float]
  private var classes: [Float]

  public init(lane: Lane, batch: Int) {
    self.lane = lane
    timesteps = [Float](repeating: 0, count: batch)
    classes = timesteps
  }

  public mutating func gradient(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32], into gradient: UnsafeMutableBufferPointer<Float>
  ) throws {
    guard count <= timesteps.count, labels.count == count else {
      throw PlumbError("a batch does not fit its lane", expected: "at most \(timesteps.count)", found: "\(count)")
    }
    for position in 0..<count { (timesteps[position], classes[position]) = (timestep, Float(labels[position])) }
    try timesteps.withUnsafeBufferPointer { timesteps in
      try classes.withUnsafeBufferPointer { classes in
        try lane.run(count: count, inputs: ["x": x, "timesteps": timesteps, "labels": classes], outputs: ["gradient": gradient])
      }
    }
  }
}
