import Basics
import Diffusion

/// `schedule`: the float64 tables of a respaced process.
enum ScheduleCase: CaseKind {
  static let name = "schedule"
  static let families: Set<String> = ["schedules"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let process = try ADMConfiguration.process(config)
    let tables: [String: [Double]] = [
      "betas": process.betas, "alphas_cumprod": process.alphasCumprod, "alphas_cumprod_prev": process.alphasCumprodPrev,
      "sqrt_recip_alphas_cumprod": process.sqrtRecipAlphasCumprod, "sqrt_recipm1_alphas_cumprod": process.sqrtRecipm1AlphasCumprod,
      "posterior_variance": process.posteriorVariance, "posterior_log_variance_clipped": process.posteriorLogVarianceClipped,
      "posterior_mean_coef1": process.posteriorMeanCoef1, "posterior_mean_coef2": process.posteriorMeanCoef2,
    ]
    var outputs = try tables.mapValues { try HostTensor(doubles: $0, shape: [$0.count]) }
    outputs["timestep_map"] = try HostTensor(integers: process.timestepMap.map(Int64.init), shape: [process.count])
    return outputs
  }
}
