import Basics
import Diffusion

/// The `diffusion` part of a configuration: the arguments of guided-diffusion's `create_gaussian_diffusion`.
struct DiffusionConfiguration {
  let process: DiffusionProcess
  let variance: ModelVariance
  let prediction: Prediction
  /// `eps_scaler`; nil when the case does not give it.
  let scaler: Double?

  init(_ fields: FieldReader) throws {
    process = try Self.process(fields)
    let isLearned = try fields.flag("learn_sigma", default: false)
    let isSmall = try fields.flag("sigma_small", default: false)
    if fields.has("model_var_type") {
      let name = try fields.text("model_var_type")
      guard let named = ModelVariance(rawValue: name), named.isLearned == isLearned || !fields.has("learn_sigma") else {
        throw PlumbError(
          "unknown variance, or one that contradicts learn_sigma", kind: .input, at: "config.diffusion.model_var_type", found: name)
      }
      variance = named
    } else {
      variance = isLearned ? .learnedRange : (isSmall ? .fixedSmall : .fixedLarge)
    }
    prediction = try fields.flag("predict_xstart", default: false) ? .start : .noise
    scaler = fields.has("eps_scaler") ? try fields.number("eps_scaler") : nil
    // The loss only.
    fields.accept("use_kl", "rescale_learned_sigmas", "eps_scaler")
  }

  /// The part that makes the process, which is all a schedule case has.
  static func process(_ fields: FieldReader) throws -> DiffusionProcess {
    let name = try fields.text("noise_schedule")
    guard let schedule = ["linear": BetaSchedule.linear, "cosine": .cosine][name] else {
      throw PlumbError("unknown noise schedule", kind: .input, at: "config.noise_schedule", expected: "linear or cosine", found: name)
    }
    let respacing = fields.value("timestep_respacing")
    guard let text = respacing == nil ? "" : respacing?.text ?? respacing?.integer.map(String.init) else {
      throw PlumbError("timestep_respacing is not understood", kind: .input, at: "config.timestep_respacing", expected: "a text")
    }
    return try DiffusionProcess(
      schedule: schedule, steps: fields.integer("diffusion_steps"), respacing: Respacing(parsing: text),
      rescaleTimesteps: fields.flag("rescale_timesteps", default: false))
  }

  /// Throws when the case names other timesteps than the process has.
  func check(timestepMap fields: FieldReader) throws {
    guard fields.has("timestep_map") else { return }
    let map = try fields.integers("timestep_map")
    guard map == process.timestepMap else {
      throw PlumbError(
        "timestep_map is not that of the process", kind: .input, at: "config.timestep_map", expected: "\(process.timestepMap)",
        found: "\(map)")
    }
  }

  /// The reverse process with a scaling. The reference divides a predicted noise only: where the network predicts x_0
  /// its scaler has no effect.
  func reverse(_ scaling: EpsilonScaling, sampler: any TimestepSampler = Ancestral(), clipDenoised: Bool) throws -> ReverseProcess {
    try ReverseProcess(
      process: process, variance: variance, prediction: prediction, sampler: sampler, scaling: prediction == .noise ? scaling : .none,
      clipDenoised: clipDenoised)
  }

  /// Epsilon Scaling from `eps_schedule`, or from `eps_scaler` alone.
  func scaling(_ config: FieldReader) throws -> EpsilonScaling {
    guard config.has("eps_schedule") else {
      guard let scaler else { throw PlumbError("no eps_scaler and no eps_schedule", kind: .input, at: "config") }
      return EpsilonScaling(b: scaler)
    }
    let fields = try config.object("eps_schedule")
    let kind = try fields.text("kind")
    let scaling = EpsilonScaling(k: try fields.number("k", default: 0), b: try fields.number("b"))
    let isUniform = kind == "uniform" && scaling.k == 0 && (scaler == nil || scaler == scaling.b)
    guard isUniform || kind == "linear" else {
      throw PlumbError("this schedule of the scaler is not understood", kind: .input, at: "config.eps_schedule", found: kind)
    }
    if fields.has("values") {
      let values = try fields.numbers("values")
      let agree = values.count == process.count && values.enumerated().allSatisfy { abs(scaling.lambda($0.offset) - $0.element) <= 1e-9 }
      guard agree else {
        throw PlumbError("the scaler's values are not k i + b", kind: .input, at: "config.eps_schedule.values", found: "\(values)")
      }
    }
    return scaling
  }
}
