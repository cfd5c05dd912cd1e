import Basics

/// EDM's samplers over noise levels (Karras et al. 2022, algorithms 1 and 2): `edm_sampler` and `ablation_sampler` of
/// EDM-ES's `generate.py`, with Epsilon Scaling, over the raw network F that a `NoisePredictor` gives.
///
/// The predictor is handed c_in x and c_noise. States are float64, the network sees float32.
///
/// **delta_t where variance explodes.** The paper defines delta_t for x_t = sqrt(abar_t) x_0 + sqrt(1 - abar_t) z: the squared
/// 2-Wasserstein distance between the noise n_t = x_t - sqrt(abar_t) x_0 that sampling leaves around the image it started
/// from and N(0, (1 - abar_t) I), which is (sd(n_t) - sqrt(1 - abar_t))² per pixel. Nothing in it uses that the coefficients'
/// squares add up to one. With x_t = s_t (x_0 + sigma_t z) the same construction gives n_t = x_t - s_t x_0, whose training
/// distribution is N(0, s_t² sigma_t² I), so delta_t = (sd(n_t) - s_t sigma_t)². Only the unit differs: dividing by s_t² (1 +
/// sigma_t²) turns it into the variance-preserving figure of the same network and noise level.
package struct SigmaSolver: ReverseSolver {
  package let preconditioning: Preconditioning
  package let sampler: any SigmaSampler
  package let schedule: SigmaSchedule
  package let stateScaling: SigmaScaling
  package let churn: Churn
  package let scaling: EpsilonScaling
  /// What images are noised by in training: plain diffusion, or PFGM++'s kernel.
  package let perturbation: Perturbation

  /// Least and largest noise level, within the network's.
  package let range: ClosedRange<Double>
  /// The noise levels before the network rounds them, largest first.
  package let sigmas: [Double]
  /// t_i, the last one 0.
  package let times: [Double]
  package let levels: NoiseLevels
  package var stepPrecision: TorchDraws.Precision { .float64 }

  /// What is left out is as `edm_sampler` has it: sigma(t) = t, s(t) = 1. A nil `schedule` is the VP schedule that fits the range
  /// (vp_beta_d, vp_beta_min). Throws a `PlumbError` of kind `input` whose place is the argument at fault.
  package init(
    _ preconditioning: Preconditioning, steps: Int = 18, sampler: any SigmaSampler = Heun(),
    discretization: SigmaDiscretization = .edm(rho: 7), schedule: SigmaSchedule? = .linear, stateScaling: SigmaScaling = .none,
    epsilon: Double = 1e-3, range: (least: Double?, largest: Double?) = (nil, nil), churn: Churn = .none,
    scaling: EpsilonScaling = .none, perturbation: Perturbation = .gaussian
  ) throws {
    let usual = discretization.usualRange
    let least = max(range.least ?? usual.lowerBound, preconditioning.sigmaMin)
    let largest = min(range.largest ?? usual.upperBound, preconditioning.sigmaMax)
    guard least > 0, largest > least, largest.isFinite else {
      throw PlumbError(
        "the range of noise levels is empty", kind: .input, at: "sigma_max", expected: "above sigma_min, \(least)", found: "\(largest)")
    }
    try sampler.check()
    try scaling.check(count: steps)
    self.preconditioning = preconditioning
    self.sampler = sampler
    self.range = least...largest
    self.schedule = schedule ?? .vp(fitting: least...largest, epsilon: epsilon)
    self.stateScaling = stateScaling
    self.churn = churn
    self.scaling = scaling
    self.perturbation = perturbation
    sigmas = try discretization.sigmas(steps, in: least...largest)
    let curve = self.schedule
    times = sigmas.map { curve.time(preconditioning.round($0)) } + [0]
    let visited = times.dropLast().reversed().map { curve.sigma($0) }
    for (earlier, later) in zip(visited, visited.dropFirst()) where !(earlier < later) {
      throw PlumbError("two steps fall on one noise level", kind: .input, at: "steps", expected: "fewer steps", found: "\(steps)")
    }
    let powers = visited.map { sigma in
      let scale = stateScaling.scale(sigma: sigma)
      return scale * scale
    }
    levels = NoiseLevels(
      axis: .sigma, labels: visited, signalPower: powers,
      noisePower: try zip(powers, visited).map { try $0 * perturbation.variance(sigma: $1) })
  }

  package var isGuidable: Bool { type(of: sampler).isGuidable }
  package var hasCorrections: Bool { sampler.hasCorrections }
  package func evaluations(from index: Int) -> Int { sampler.evaluations(from: index) }
  /// Values F gives per value of an image.
  package var outputFactor: Int { preconditioning.outputFactor }

  /// sigma and s at a time.
  package func sigma(_ t: Double) -> Double { schedule.sigma(t) }
  package func scale(_ t: Double) -> Double { stateScaling.scale(sigma: schedule.sigma(t)) }

  package func makeBatch(elementCount: Int, capacity: Int) throws -> any BatchSolver {
    try SigmaBatch(solver: self, elementCount: elementCount, capacity: capacity)
  }

  /// The time at an index, and the one below it.
  func times(at index: Int) -> (current: Double, next: Double) {
    let step = levels.count - 1 - index
    return (times[step], times[step + 1])
  }

  /// What the state and the denoised image weigh in dx/dt = (sigma'/sigma + s'/s) x - sigma' s / sigma D.
  func slope(_ t: Double) -> (state: Double, denoised: Double) {
    let (sigma, rise) = (schedule.sigma(t), schedule.derivative(t))
    let scale = stateScaling.scale(sigma: sigma)
    let fall = stateScaling.derivative(sigma: sigma, sigmaDerivative: rise)
    return (rise / sigma + fall / scale, rise * scale / sigma)
  }
}
