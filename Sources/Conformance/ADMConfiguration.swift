import Basics
import Diffusion
import Networks

/// The `diffusion` part of a case, arguments of guided-diffusion's `create_gaussian_diffusion`, as a pipeline says them.
struct ADMConfiguration {
  /// `process` of load-weights.
  private let process: [String: JSONValue]
  private let respacing: Respacing
  private let steps: Int
  /// The reference divides a predicted noise only: where the network predicts x_0 its scaler has no effect.
  private let isScaled: Bool
  /// `eps_scaler`; nil when the case does not give it.
  let scaler: Double?

  init(_ fields: FieldReader) throws {
    (steps, respacing) = (try fields.integer("diffusion_steps"), try Self.respacing(fields))
    isScaled = try !fields.flag("predict_xstart", default: false)
    process = [
      "noise_schedule": .text(try fields.text("noise_schedule")), "diffusion_steps": JSONValue(steps),
      "rescale_timesteps": .bool(try fields.flag("rescale_timesteps", default: false)), "variance": .text(try Self.variance(fields)),
      "prediction": isScaled ? "epsilon" : "xstart",
    ]
    scaler = fields.has("eps_scaler") ? try fields.number("eps_scaler") : nil
    // The loss only.
    fields.accept("use_kl", "rescale_learned_sigmas", "eps_scaler")
  }

  /// The solver of a cell with these steps. `with` names the sampler and what else the case says.
  func cell(_ network: any Network, _ scaling: EpsilonScaling, with: [String: JSONValue]) throws -> CaseCell {
    let own: [String: JSONValue] = (respacing.fields(of: steps) ?? ["steps": JSONValue(steps)])
      .merging(["epsilon_scaling": (isScaled ? scaling : .none).field]) { $1 }
    return try CaseCell(network, process: process, with: own.merging(with) { $1 })
  }

  /// The solver of `cell`.
  func reverse(_ network: any Network, _ scaling: EpsilonScaling, with: [String: JSONValue]) throws -> ReverseProcess {
    try cell(network, scaling, with: with).timesteps(respacing.fields(of: steps) == nil ? respacing : nil)
  }

  private static func variance(_ fields: FieldReader) throws -> String {
    let isLearned = try fields.flag("learn_sigma", default: false)
    let isSmall = try fields.flag("sigma_small", default: false)
    guard fields.has("model_var_type") else { return isLearned ? "learned-range" : isSmall ? "fixed-small" : "fixed-large" }
    let name = try fields.text("model_var_type")
    guard let named = ModelVariance(rawValue: name), named.isLearned == isLearned || !fields.has("learn_sigma") else {
      throw PlumbError(
        "unknown variance, or one that contradicts learn_sigma", kind: .input, at: "config.diffusion.model_var_type", found: name)
    }
    return name.lowercased().replacing("_", with: "-")
  }

  private static func respacing(_ fields: FieldReader) throws -> Respacing {
    let respacing = fields.value("timestep_respacing")
    guard let text = respacing == nil ? "" : respacing?.text ?? respacing?.integer.map(String.init) else {
      throw PlumbError("timestep_respacing is not understood", kind: .input, at: "config.timestep_respacing", expected: "a text")
    }
    return try Respacing(parsing: text)
  }

  /// The process of a case of tables, which may be respaced in ways that no pipeline names.
  static func process(_ fields: FieldReader) throws -> DiffusionProcess {
    try DiffusionProcess(
      schedule: BetaSchedule(named: fields.text("noise_schedule")), steps: fields.integer("diffusion_steps"), respacing: respacing(fields),
      rescaleTimesteps: fields.flag("rescale_timesteps", default: false))
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
      let (values, count) = (try fields.numbers("values"), try respacing.timesteps(of: steps).count)
      guard values.count == count, values.enumerated().allSatisfy({ abs(scaling.lambda($0.offset) - $0.element) <= 1e-9 }) else {
        throw PlumbError("the scaler's values are not k i + b", kind: .input, at: "config.eps_schedule.values", found: "\(values)")
      }
    }
    return scaling
  }
}

extension ReverseProcess {
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
}
