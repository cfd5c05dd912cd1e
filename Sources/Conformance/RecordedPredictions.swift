import Basics
import Diffusion

/// What a network gave, call after call.
final class RecordedPredictions {
  private(set) var timesteps: [Int64] = []
  private(set) var outputs: [Float] = []

  func append(_ timestep: Float, _ output: UnsafeBufferPointer<Float>) {
    timesteps.append(Int64(timestep))
    outputs.append(contentsOf: output)
  }

  /// The outputs, one row for every call, each of a shape.
  func tensor(_ shape: [Int]) throws -> HostTensor { try HostTensor(floats: outputs, shape: [timesteps.count] + shape) }
}

/// A network whose predictions are kept. One call is one row, so a batch must hold all samples.
struct RecordingPredictor<Base: NoisePredictor>: NoisePredictor {
  private var base: Base
  private let record: RecordedPredictions

  init(_ base: Base, into record: RecordedPredictions) {
    self.base = base
    self.record = record
  }

  mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    try base.predict(x, count: count, timestep: timestep, labels: labels, into: out)
    record.append(timestep, UnsafeBufferPointer(out))
  }
}
