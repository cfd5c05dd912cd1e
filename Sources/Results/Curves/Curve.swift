package import Basics

/// Series of numbers over the steps of a sampler: norms of the predicted noise, delta_t, the error of a single step, or what an
/// outside program measured. Index 0 is the least noisy step.
package struct Curve: Sendable, Hashable {
  /// What is measured. A program may bring kinds of its own.
  package struct Kind: RawRepresentable, Sendable, Hashable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let epsilonNorms = Kind(rawValue: "epsilon-norms")
    package static let delta = Kind(rawValue: "delta")
    package static let singleStep = Kind(rawValue: "single-step")
  }

  /// What the network saw when its noise prediction was measured.
  package struct Mode: RawRepresentable, Sendable, Hashable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Real images with noise added.
    package static let training = Mode(rawValue: "training")
    /// The sampler's own states.
    package static let sampling = Mode(rawValue: "sampling")
  }

  /// One of the quantities a curve holds.
  package struct Series: RawRepresentable, Sendable, Hashable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Mean L2 norm of the noise prediction over the samples.
    package static let epsilonNorm = Series(rawValue: "epsilon_norm")
    /// Root of the mean squared norm.
    package static let epsilonNormRootMeanSquare = Series(rawValue: "epsilon_norm_rms")
    /// Mean norm after division by lambda.
    package static let scaledEpsilonNorm = Series(rawValue: "epsilon_norm_scaled")
    /// Mean norm of a second evaluation in the same step, where a solver makes one.
    package static let correctionNorm = Series(rawValue: "correction_norm")
    /// What the noise prediction is divided by.
    package static let lambda = Series(rawValue: "lambda")
    /// The error: delta_t over a chain, or of a single step.
    package static let delta = Series(rawValue: "delta")
    /// Standard deviation around the noised image: of the forward process, and of what the sampler made.
    package static let trueDeviation = Series(rawValue: "true_std")
    package static let sampledDeviation = Series(rawValue: "sampled_std")
    /// Standard deviation per pixel of the states, and of the forward process beside them.
    package static let marginalDeviation = Series(rawValue: "marginal_std")
    package static let forwardMarginalDeviation = Series(rawValue: "forward_marginal_std")
  }

  /// The noise levels that the values belong to.
  package enum Levels: Sendable, Hashable {
    /// Timesteps of the network's own process.
    case timesteps([Double])
    /// Standard deviations of the noise.
    case sigmas([Double])

    package var values: [Double] {
      switch self {
      case .timesteps(let values), .sigmas(let values): values
      }
    }
  }

  package var kind: Kind
  package var mode: Mode?
  /// T': the number of sampling steps, when it is said.
  package var steps: Int?
  /// Number of images behind each value, when it is said.
  package var samples: Int?
  package var levels: Levels?
  /// The step index of each value, all different; nil when the values begin at index 0 and leave none out.
  package var indices: [Int]?
  /// A value is nil where there is none or it is not finite.
  package var series: [Series: [Double?]]
  /// Other fields that the document has.
  package var extra: [String: JSONValue]

  package init(
    _ kind: Kind, mode: Mode? = nil, steps: Int?, samples: Int?, levels: Levels? = nil, indices: [Int]? = nil,
    series: [Series: [Double?]] = [:], extra: [String: JSONValue] = [:]
  ) {
    self.kind = kind
    self.mode = mode
    self.steps = steps
    self.samples = samples
    self.levels = levels
    self.indices = indices
    self.series = series
    self.extra = extra
  }

  /// Gives a quantity its values; what is not finite counts as missing.
  package mutating func set(_ name: Series, _ values: [Double]) {
    series[name] = values.map { $0.isFinite ? $0 : nil }
  }
}

extension Curve {
  /// What a curve of this kind must have.
  package var mainSeries: Series? {
    switch kind {
    case .epsilonNorms: .epsilonNorm
    case .delta, .singleStep: .delta
    default: nil
    }
  }

  /// The step index of each value.
  package var positions: [Int] {
    if let indices { return indices }
    return Array(0..<(mainSeries.flatMap { series[$0]?.count } ?? series.values.map(\.count).max() ?? 0))
  }

  /// The values of a quantity by timestep as people count it (index + 1); empty when it has another length than the curve.
  package func points(_ name: Series) -> [Int: Double] {
    let positions = positions
    guard let values = series[name], values.count == positions.count else { return [:] }
    var points: [Int: Double] = [:]
    points.reserveCapacity(values.count)
    for (index, value) in zip(positions, values) { if let value { points[index + 1] = value } }
    return points
  }

  /// The norm after division by lambda: as recorded, else computed, else the raw norm (no scaling is known).
  package var scaledNorm: [Int: Double] {
    let recorded = points(.scaledEpsilonNorm)
    guard recorded.isEmpty else { return recorded }
    let factor = points(.lambda)
    return points(.epsilonNorm).reduce(into: [:]) { scaled, point in
      scaled[point.key] = point.value / (factor[point.key].flatMap { $0 == 0 ? nil : $0 } ?? 1)
    }
  }

  /// Number of sampling steps, said or seen.
  package var stepCount: Int { steps ?? (positions.max().map { $0 + 1 } ?? 0) }
}
