import Basics
import Diffusion

/// The noise process in an LDM configuration, where the arguments of `DDPM.__init__` lie beside those of the model.
struct LDMProcess {
  let schedule: BetaSchedule
  let steps: Int

  /// Reads `model.params` of a configuration.
  init(_ golden: GoldenCase) throws {
    guard let fields = golden.config["model"]?["params"] else {
      throw PlumbError("a field is missing", kind: .input, at: "config.model.params")
    }
    try self.init(fields)
  }

  init(_ fields: JSONValue) throws {
    schedule = try BetaSchedule(
      ldm: fields["beta_schedule"]?.text ?? "linear", start: fields["linear_start"]?.double, end: fields["linear_end"]?.double,
      offset: fields["cosine_s"]?.double)
    steps = fields["timesteps"]?.integer ?? 1000
  }

  func process(_ respacing: Respacing = .all) throws -> DiffusionProcess {
    try DiffusionProcess(schedule: schedule, steps: steps, respacing: respacing)
  }

  /// The steps of `make_ddim_timesteps`.
  func process(_ method: String, count: Int) throws -> DiffusionProcess {
    try process(Respacing(parsing: "ldm-\(method):\(count)"))
  }
}

extension BetaSchedule {
  /// A schedule of `make_beta_schedule` by its name there. A value the schedule does not use is left aside, as there.
  init(ldm name: String, start: Double?, end: Double?, offset: Double?) throws {
    let isCosine = name == "cosine"
    try self.init(
      named: "ldm-" + name.replacing("_", with: "-"), start: isCosine ? nil : start, end: isCosine ? nil : end,
      offset: isCosine ? offset : nil)
  }
}
