import Basics

/// Measures exposure bias as delta_t: chains that start from noised real images, and the spread of their states around
/// the x_0 they came from (Ning et al. 2024, algorithm 3).
public struct DeltaMeasurement: Sendable {
  public let solver: any ReverseSolver
  public let images: any StartImages
  /// Respaced index the chains start at; T' - 1 unless something else is asked for.
  public let startIndex: Int
  public let noise: any NoiseSource
  public let labels: ClassLabels?

  /// Throws when the process has no such index.
  public init(
    solver: any ReverseSolver, images: any StartImages, startIndex: Int? = nil, noise: any NoiseSource, labels: ClassLabels? = nil
  ) throws {
    self.solver = solver
    self.images = images
    self.startIndex = startIndex ?? solver.levels.count - 1
    self.noise = noise
    self.labels = labels
    try solver.check(index: self.startIndex)
  }

  /// Runs the chains of `samples`, absolute indices, `batch` at a time. Nothing is kept for the start itself nor for the
  /// final image: states have indices 0 to `startIndex` - 1.
  public func run(
    samples: Range<Int>, batch: Int, predictor: inout some NoisePredictor, observers: [any StepObserver] = [],
    check: () throws -> Void = {}
  ) throws -> LeafReduction<ChainSpread> {
    let chain = try SamplingChain(solver: solver, elementCount: images.elementCount, batch: batch)
    let (levels, startIndex) = (solver.levels, startIndex)
    let spread = LeafObserver(empty: ChainSpread(steps: levels.count)) { spread, step, position in
      try step.addResidual(position, of: levels, to: &spread.residual)
      if step.index > 0, let state = step.previous(position) {
        try spread.marginal.update(step.index - 1) { try $0.add(elementCount: step.elementCount) { Double(state[$0]) } }
      }
      if step.index == startIndex, let start = step.startImage(position) {
        try spread.start.add(elementCount: step.elementCount) { Double(start[$0]) }
      }
    }
    for part in batches(of: samples, size: batch) {
      try chain.run(
        samples: part, from: .images(images, index: startIndex), labels: labels?.labels(of: part), predictor: &predictor, noise: noise,
        observers: [spread] + observers, check: check)
      try spread.close(before: part.upperBound)
    }
    return try spread.finish()
  }
}
