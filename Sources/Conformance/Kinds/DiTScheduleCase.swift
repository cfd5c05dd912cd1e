import Basics
import Diffusion

/// `schedule` of DiT: the tables of `create_diffusion` under several respacings.
enum DiTScheduleCase: CaseKind {
  static let name = "schedule"
  static let families: Set<String> = ["dit"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    var outputs: [String: HostTensor] = [:]
    for text in try config.texts("timestep_respacing") {
      let process = try process(Respacing(parsing: text))
      let suffix = "_" + text.replacing(",", with: "_")
      outputs["timestep_map" + suffix] = try HostTensor(integers: process.timestepMap.map(Int64.init), shape: [process.count])
      let tables: [String: [Double]] = [
        "betas": process.betas, "alphas_cumprod": process.alphasCumprod, "alphas_cumprod_prev": process.alphasCumprodPrev,
        "sqrt_recip_alphas_cumprod": process.sqrtRecipAlphasCumprod, "sqrt_recipm1_alphas_cumprod": process.sqrtRecipm1AlphasCumprod,
        "posterior_variance": process.posteriorVariance, "posterior_log_variance_clipped": process.posteriorLogVarianceClipped,
        "posterior_mean_coef1": process.posteriorMeanCoef1, "posterior_mean_coef2": process.posteriorMeanCoef2,
      ]
      for (name, table) in tables { outputs[name + suffix] = try HostTensor(doubles: table, shape: [table.count]) }
    }
    return outputs
  }

  /// `create_diffusion` with its own defaults, which DiT's scripts leave as they are.
  static func process(_ respacing: Respacing) throws -> DiffusionProcess {
    try DiffusionProcess(schedule: .linear, steps: 1000, respacing: respacing)
  }
}
