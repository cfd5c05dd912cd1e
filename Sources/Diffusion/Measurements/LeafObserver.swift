/// An observer that adds each image of a step to the leaf of its sample.
final class LeafObserver<Value: Mergeable>: StepObserver {
  private var accumulator: LeafAccumulator<Value>
  private let add: (inout Value, StepView, _ position: Int) throws -> Void

  init(empty: Value, _ add: @escaping (inout Value, StepView, Int) throws -> Void) {
    accumulator = LeafAccumulator(empty: empty)
    self.add = add
  }

  func observe(_ step: StepView) throws {
    for (position, sample) in step.samples.enumerated() {
      try accumulator.update(sample) { try add(&$0, step, position) }
    }
  }

  /// Says that samples below this one are done.
  func close(before sample: Int) throws { try accumulator.close(before: sample) }

  func finish() throws -> LeafReduction<Value> { try accumulator.finish() }
}

extension StepView {
  /// n_{t-1} = x_{t-1} - s_{t-1} x_0 of the image at a position, in float32; nil at index 0, without x_0 or where
  /// no step was made.
  public func residual(_ position: Int, of levels: NoiseLevels) -> [Float]? {
    residualParts(position, of: levels).map { parts in
      (0..<elementCount).map { parts.state[$0] - parts.signal * parts.start[$0] }
    }
  }

  /// Adds the residual to moments kept under index t - 1, where there is one.
  func addResidual(_ position: Int, of levels: NoiseLevels, to moments: inout StepSeries<Moments>) throws {
    guard let parts = residualParts(position, of: levels) else { return }
    try moments.update(index - 1) {
      try $0.add(elementCount: elementCount) { Double(parts.state[$0] - parts.signal * parts.start[$0]) }
    }
  }

  private func residualParts(_ position: Int, of levels: NoiseLevels) -> (
    state: UnsafeBufferPointer<Float>, start: UnsafeBufferPointer<Float>, signal: Float
  )? {
    guard index > 0, let start = startImage(position), let state = previous(position) else { return nil }
    return (state, start, Float(levels.signal(index - 1)))
  }
}

/// Consecutive batches of at most `size` samples.
func batches(of samples: Range<Int>, size: Int) -> [Range<Int>] {
  stride(from: samples.lowerBound, to: samples.upperBound, by: max(size, 1)).map { $0..<min($0 + max(size, 1), samples.upperBound) }
}
