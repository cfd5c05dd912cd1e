import Basics

/// Generates samples from N(0, I) and gathers the norms of the predicted noise on the way (sampling mode).
public struct SamplingRun: Sendable {
  public let solver: any ReverseSolver
  /// C · H · W of an image.
  public let elementCount: Int
  public let noise: any NoiseSource
  public let labels: ClassLabels?

  public init(solver: any ReverseSolver, elementCount: Int, noise: any NoiseSource, labels: ClassLabels? = nil) {
    self.solver = solver
    self.elementCount = elementCount
    self.noise = noise
    self.labels = labels
  }

  /// Runs the chains of `samples`, absolute indices, `batch` at a time.
  ///
  /// - Parameters:
  ///   - check: called before each step; what it throws ends the run.
  ///   - emit: receives the final images of each batch, [samples, C, H, W], not clipped, in ascending order.
  public func run(
    samples: Range<Int>, batch: Int, predictor: inout some NoisePredictor, observers: [any StepObserver] = [],
    check: () throws -> Void = {}, emit: (Range<Int>, UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> LeafReduction<SamplingNorms> {
    let chain = try SamplingChain(solver: solver, elementCount: elementCount, batch: batch)
    let norms = LeafObserver(empty: SamplingNorms(solver)) { norms, step, position in
      try norms.add(step, position)
    }
    for part in batches(of: samples, size: batch) {
      let images = try chain.run(
        samples: part, from: .noise, labels: labels?.labels(of: part), predictor: &predictor, noise: noise, observers: [norms] + observers,
        check: check)
      try emit(part, images)
      try norms.close(before: part.upperBound)
    }
    return try norms.finish()
  }
}
