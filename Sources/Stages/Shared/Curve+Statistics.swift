import Diffusion
import Results

extension Curve {
  /// A curve without series yet, over all noise levels of a sampler or those at `indices`.
  init(_ kind: Kind, mode: Mode? = nil, over levels: NoiseLevels, samples: Int, indices: [Int]? = nil) {
    let labels = (indices ?? Array(0..<levels.count)).map { levels.labels[$0] }
    let positions: Levels =
      switch levels.axis {
      case .timestep: .timesteps(labels)
      case .sigma: .sigmas(labels)
      }
    self.init(kind, mode: mode, steps: levels.count, samples: samples, levels: positions, indices: indices)
  }

  /// Norms of the predicted noise, and of second evaluations where a solver makes them.
  mutating func set(_ norms: SamplingNorms) {
    set(.epsilonNorm, norms.predicted.steps.map(\.mean))
    set(.epsilonNormRootMeanSquare, norms.predicted.steps.map(\.rootMeanSquare))
    guard !norms.corrected.steps.isEmpty else { return }
    series[.correctionNorm] = norms.corrected.steps.map { $0.count == 0 ? nil : $0.mean }
  }
}
