import Basics

/// Noise that somebody else drew, given as tensors: how a run of the reference is repeated number by number.
public struct RecordedNoise: NoiseSource {
  /// Which draw a tensor holds; a nil step means the same draw at every step.
  public struct Draw: Hashable, Sendable {
    public let purpose: NoisePurpose
    public let step: Int?
    public init(_ purpose: NoisePurpose, step: Int? = nil) {
      self.purpose = purpose
      self.step = step
    }
  }

  private let draws: [Draw: [Float]]

  /// Each draw is a tensor [N, C, H, W] flattened, indexed by the sample from 0.
  public init(_ draws: [Draw: [Float]]) { self.draws = draws }

  public func normals(into values: UnsafeMutableBufferPointer<Float>, sample: Int, purpose: NoisePurpose, step: Int) throws {
    guard let draw = draws[Draw(purpose, step: step)] ?? draws[Draw(purpose)] else {
      throw PlumbError("no noise was recorded for this draw", kind: .input, found: "\(purpose) of step \(step)")
    }
    let (start, overflow) = sample.multipliedReportingOverflow(by: values.count)
    guard !overflow, sample >= 0, start <= draw.count - values.count else {
      throw PlumbError(
        "the recorded noise has too few samples", kind: .input, at: "\(purpose) of step \(step)",
        expected: "sample \(sample) of \(values.count) values", found: "\(draw.count) values")
    }
    draw.withUnsafeBufferPointer { recorded in
      for element in values.indices { values[element] = recorded[start + element] }
    }
  }
}
