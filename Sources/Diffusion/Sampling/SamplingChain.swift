import Basics

/// Where a chain begins.
public enum ChainStart: Sendable {
  /// x_T drawn from N(0, I).
  case noise
  /// q_sample(x_0, `index`): real images noised to a respaced index, from which the chain continues.
  case images(any StartImages, index: Int)
}

/// Runs batches of samples through all steps of a sampler, down to index 0.
///
/// A sample's bits depend on its absolute index, on the noise source and on the network, not on the batch it is in.
/// Memory is made once per chain; a chain belongs to one thread.
public final class SamplingChain {
  private let solver: any ReverseSolver
  private let step: any BatchSolver

  /// `elementCount` is C · H · W of an image, `batch` the largest number of samples run at once.
  public init(solver: any ReverseSolver, elementCount: Int, batch: Int) throws {
    self.solver = solver
    step = try solver.makeBatch(elementCount: elementCount, capacity: batch)
  }

  /// Runs one batch and calls the observers after each step, noisiest first.
  ///
  /// - Parameters:
  ///   - samples: absolute indices, at most `batch` of them.
  ///   - labels: one class per sample for a class-conditional network.
  ///   - check: called before each step; what it throws ends the chain (cancellation).
  /// - Returns: the final images [samples, C, H, W], not clipped; valid until the next run.
  @discardableResult
  public func run(
    samples: Range<Int>, from start: ChainStart, labels: [Int32]? = nil, predictor: inout some NoisePredictor, noise: any NoiseSource,
    observers: [any StepObserver] = [], check: () throws -> Void = {}
  ) throws -> UnsafeBufferPointer<Float> {
    guard samples.lowerBound >= 0, !samples.isEmpty, samples.count <= step.capacity else {
      throw PlumbError("a batch does not fit its chain", expected: "1 to \(step.capacity) samples", found: "samples \(samples)")
    }
    guard labels.map({ $0.count == samples.count }) ?? true else {
      throw PlumbError("classes do not fit the batch", expected: "\(samples.count)", found: "\(labels?.count ?? 0)")
    }
    let (first, hasStart) = try begin(samples, from: start, noise: noise)
    for index in stride(from: first, through: 0, by: -1) {
      try check()
      let view = try step.take(
        index, samples: samples, labels: labels, hasStart: hasStart, steps: true, predictor: &predictor, noise: noise)
      for observer in observers { try observer.observe(view) }
      step.advance()
    }
    return step.images(samples.count)
  }

  private func begin(_ samples: Range<Int>, from start: ChainStart, noise: any NoiseSource) throws -> (index: Int, hasStart: Bool) {
    switch start {
    case .noise:
      try step.startFromPrior(samples, noise: noise)
      return (solver.levels.count - 1, false)
    case .images(let images, let index):
      try solver.check(index: index)
      try step.start(samples, from: images, at: index, noise: noise, purpose: .start, step: 0)
      return (index, true)
    }
  }
}
