import Results

/// What the curves of one row come down to.
struct RowMeasures: Sendable {
  /// Delta N(t) = sampling norm (after Epsilon Scaling) - training norm, by timestep.
  let gap: [Int: Double]
  /// Average of Delta N over the steps.
  let meanGap: Double?
  /// Average of |Delta N| over the steps.
  let meanAbsoluteGap: Double?
  /// delta_t at the least noisy state there is; its timestep.
  let firstDelta: (step: Int, value: Double)?
  /// Spread of the samples and of the forward process at the least noisy state, by the same timestep.
  let spread: (step: Int, sampling: Double, forward: Double)?

  init(_ values: SweepValues) {
    gap = Self.gap(values)
    let gaps = gap.sorted { $0.key < $1.key }.map(\.value)
    meanGap = Self.mean(gaps)
    meanAbsoluteGap = Self.mean(gaps.map(abs))
    firstDelta = values.delta?.points(.delta).min { $0.key < $1.key }.map { (step: $0.key, value: $0.value) }
    let sampling = values.delta?.points(.marginalDeviation) ?? [:]
    let forward = Self.forwardSpread(values)
    spread = sampling.keys.filter { forward[$0] != nil }.min().flatMap { step in
      guard let own = sampling[step], let expected = forward[step] else { return nil }
      return (step, own, expected)
    }
  }

  /// The step with the largest |Delta N|.
  var largestGap: (step: Int, value: Double)? {
    gap.max { (abs($0.value), $1.key) < (abs($1.value), $0.key) }.map { (step: $0.key, value: $0.value) }
  }

  /// Spread of q_sample's x_t per step: beside the samples' own, else from the training norms.
  static func forwardSpread(_ values: SweepValues) -> [Int: Double] {
    let beside = values.delta?.points(.forwardMarginalDeviation) ?? [:]
    return beside.isEmpty ? values.training?.points(.marginalDeviation) ?? [:] : beside
  }

  private static func gap(_ values: SweepValues) -> [Int: Double] {
    guard let sampling = values.norms, let training = values.training, sampling.stepCount == training.stepCount else { return [:] }
    let expected = training.points(.epsilonNorm)
    var gap: [Int: Double] = [:]
    for (step, norm) in sampling.scaledNorm {
      if let reference = expected[step] { gap[step] = norm - reference }
    }
    return gap
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
