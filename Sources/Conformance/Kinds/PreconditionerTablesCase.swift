import Basics
import Checkpoints
import Diffusion
import Foundation

/// `tables`: what the preconditioners compute from noise levels and times, without a network.
enum PreconditionerTablesCase: CaseKind {
  static let name = "tables"
  static let families: Set<String> = ["edm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    config.accept("kind", "seed")
    let (vp, iddpm) = (try config.object("vp"), try config.object("iddpm"))
    let (betaD, betaMin) = (try vp.number("beta_d", default: 19.9), try vp.number("beta_min", default: 0.1))
    let epsilon = try vp.number("epsilon_t", default: 1e-5)
    let schedule = SigmaSchedule.vp(betaD: betaD, betaMin: betaMin)
    let (times, sigmas) = (try inputs.read("t").doubles(), try inputs.read("sigma").doubles())
    let vpNoise = try Preconditioning(
      .vp(betaD: betaD, betaMin: betaMin, steps: Int(vp.number("M", default: 1000))), sigmaMin: 0, sigmaMax: .infinity)

    let steps = Int(try iddpm.number("M", default: 1000))
    let levels = IDDPMLevels(
      steps: steps, c1: try iddpm.number("C_1", default: 0.001), c2: try iddpm.number("C_2", default: 0.008)
    ).values.map { Float($0) }
    let rounding = try Preconditioning(.iddpm(levels: levels, steps: steps), sigmaMin: 0, sigmaMax: .infinity)
    let places = sigmas.map { Int64(rounding.index(Float($0))) }
    func noises(_ preconditioning: Preconditioning) throws -> HostTensor {
      try HostTensor(floats: sigmas.map { preconditioning.coefficients(Float($0)).noise }, shape: [sigmas.count])
    }
    return [
      "vp_sigma": try HostTensor(doubles: times.map(schedule.sigma), shape: [times.count]),
      "vp_sigma_inv": try HostTensor(doubles: sigmas.map(schedule.time), shape: [sigmas.count]),
      "vp_sigma_f32": try HostTensor(floats: times.map { singleSigma($0, betaD, betaMin) }, shape: [times.count]),
      "vp_limits": try HostTensor(
        doubles: [epsilon, 1].map { Double(singleSigma($0, betaD, betaMin)) }, shape: [2]),
      "vp_c_noise_f32": try noises(vpNoise),
      "ve_c_noise_f32": try noises(Preconditioning(.ve, sigmaMin: 0, sigmaMax: .infinity)),
      "edm_c_noise_f32": try noises(Preconditioning(.edm(sigmaData: 0.5), sigmaMin: 0, sigmaMax: .infinity)),
      "iddpm_u": try HostTensor(floats: levels, shape: [levels.count]),
      "iddpm_limits": try HostTensor(doubles: [Double(levels[steps - 1]), Double(levels[0])], shape: [2]),
      "iddpm_round": try HostTensor(doubles: sigmas.map(rounding.round), shape: [sigmas.count]),
      "iddpm_index": try HostTensor(integers: places, shape: [sigmas.count]),
      "iddpm_index_exact": try HostTensor(integers: places, shape: [sigmas.count]),
    ]
  }

  /// VPPrecond.sigma in float32, where exp(.) - 1 loses the digits of small times.
  private static func singleSigma(_ time: Double, _ betaD: Double, _ betaMin: Double) -> Float {
    let t = Float(time)
    let exponent = Float(0.5 * betaD) * (t * t) + Float(betaMin) * t
    return (Float(exp(Double(exponent))) - 1).squareRoot()
  }
}
