import Basics
import Checkpoints
import Diffusion
import Engine
import Foundation

/// `schedule` of latent diffusion: the buffers of a model, the tables of its DDIM sampler, and embedded timesteps.
enum LDMScheduleCase: CaseKind {
  static let name = "schedule"
  static let families: Set<String> = ["ldm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    config.accept("beta_schedule", "timesteps", "linear_start", "linear_end", "cosine_s")
    let source = try LDMConfiguration(golden.config)
    var outputs = try buffers(source)
    guard let settings = config.value("ddim")?.list else { throw PlumbError("a field is missing", kind: .input, at: "config.ddim") }
    for setting in settings {
      guard let parts = setting.list, parts.count == 3, let method = parts[0].text, let count = parts[1].integer, let eta = parts[2].double
      else { throw PlumbError("not a method, a count and eta", kind: .input, at: "config.ddim") }
      let process = try source.process(Respacing(parsing: "ldm-\(method):\(count)"))
      let suffix = "_\(method)_\(count)_eta" + (eta == eta.rounded() ? "\(Int(eta))" : "\(eta)".replacing(".", with: "p"))
      outputs["ddim_timesteps" + suffix] = try HostTensor(integers: process.timestepMap.map(Int64.init), shape: [process.count])
      for (name, table) in [
        ("sigmas", (0..<process.count).map { GeneralizedDDIM(eta: eta).stepDeviation(process, $0) }),
        ("alphas", process.alphasCumprod.map { Double(Float($0)) }),
        ("alphas_prev", process.alphasCumprodPrev.map { Double(Float($0)) }),
      ] { outputs["ddim_" + name + suffix] = try HostTensor(doubles: table, shape: [table.count]) }
    }
    if config.has("embedding_dim") {
      outputs["timestep_embedding"] = try embedding(inputs.read("t").floats(), width: config.integer("embedding_dim"), on: golden.device)
    }
    return outputs
  }

  private static func buffers(_ source: LDMConfiguration) throws -> [String: HostTensor] {
    let process = try source.process()
    let (bars, betas) = (process.alphasCumprod, try source.schedule.betas(steps: source.steps))
    let tables: [String: [Double]] = [
      "betas": betas, "alphas_cumprod": bars, "alphas_cumprod_prev": process.alphasCumprodPrev,
      "sqrt_alphas_cumprod": bars.map { $0.squareRoot() }, "sqrt_one_minus_alphas_cumprod": bars.map { (1 - $0).squareRoot() },
      "log_one_minus_alphas_cumprod": bars.map { log(1 - $0) }, "sqrt_recip_alphas_cumprod": process.sqrtRecipAlphasCumprod,
      "sqrt_recipm1_alphas_cumprod": process.sqrtRecipm1AlphasCumprod, "posterior_variance": process.posteriorVariance,
      "posterior_log_variance_clipped": process.posteriorVariance.map { log(max($0, 1e-20)) },
      "posterior_mean_coef1": process.posteriorMeanCoef1, "posterior_mean_coef2": process.posteriorMeanCoef2,
    ]
    var outputs = try tables.mapValues { try HostTensor(floats: $0.map { Float($0) }, shape: [$0.count]) }
    outputs["betas_f64"] = try HostTensor(doubles: betas, shape: [betas.count])
    outputs["alphas_cumprod_f64"] = try HostTensor(doubles: bars, shape: [bars.count])
    return outputs
  }

  private static func embedding(_ timesteps: [Float], width: Int, on device: any Device) throws -> HostTensor? {
    guard width > 0, width % 2 == 0 else { throw PlumbError("not an even width", kind: .input, at: "config.embedding_dim") }
    var builder = GraphBuilder()
    let t = builder.scalarInput("t")
    builder.output("out", builder.timestepEmbedding(t, width: width, maxPeriod: 10000, halfDivisor: width / 2))
    return try builder.finish().run(["t": timesteps], count: timesteps.count, weights: NoTensors(), at: "config", on: device)["out"]
  }
}
