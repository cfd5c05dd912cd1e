import Basics

/// Measures in training mode: at each index the network sees q_sample(x_0, t), once. From that one evaluation come the
/// norm of the predicted noise and, when asked for, one reverse step and the spread of its result.
public struct TrainingMeasurement: Sendable {
  public let solver: any ReverseSolver
  public let images: any StartImages
  /// Respaced indices measured, noisiest first.
  public let indices: [Int]
  /// Whether the spread after a single reverse step is kept.
  public let measuresSingleStep: Bool
  public let noise: any NoiseSource
  public let labels: ClassLabels?

  /// All indices are measured unless `indices` names some; throws when the process has no such index.
  public init(
    solver: any ReverseSolver, images: any StartImages, indices: [Int]? = nil, measuresSingleStep: Bool = true, noise: any NoiseSource,
    labels: ClassLabels? = nil
  ) throws {
    self.solver = solver
    self.images = images
    self.indices = Set(indices ?? Array(0..<solver.levels.count)).sorted(by: >)
    self.measuresSingleStep = measuresSingleStep
    self.noise = noise
    self.labels = labels
    for index in self.indices { try solver.check(index: index) }
  }

  /// Measures `samples`, absolute indices, `batch` at a time.
  public func run(
    samples: Range<Int>, batch: Int, predictor: inout some NoisePredictor, observers: [any StepObserver] = [],
    check: () throws -> Void = {}
  ) throws -> LeafReduction<TrainingStatistics> {
    let step = try solver.makeBatch(elementCount: images.elementCount, capacity: batch)
    let (levels, measuresSingleStep) = (solver.levels, measuresSingleStep)
    let statistics = LeafObserver(empty: TrainingStatistics(solver)) { statistics, step, position in
      try statistics.norms.add(step, position)
      let state = step.state(position)
      try statistics.marginal.update(step.index) { try $0.add(elementCount: step.elementCount) { Double(state[$0]) } }
      if measuresSingleStep { try step.addResidual(position, of: levels, to: &statistics.singleStep) }
    }
    for part in batches(of: samples, size: batch) {
      let labels = try labels?.labels(of: part)
      for index in indices {
        try check()
        try step.start(part, from: images, at: index, noise: noise, purpose: .forward, step: index)
        let view = try step.take(
          index, samples: part, labels: labels, hasStart: true, steps: measuresSingleStep, predictor: &predictor, noise: noise)
        try statistics.observe(view)
        for observer in observers { try observer.observe(view) }
      }
      try statistics.close(before: part.upperBound)
    }
    return try statistics.finish()
  }
}
