import Basics
import Diffusion
import Networks

/// The noise process in an LDM configuration, where the arguments of `DDPM.__init__` lie beside those of the model, as
/// load-weights says it.
struct LDMConfiguration {
  let schedule: BetaSchedule
  let steps: Int
  private let process: [String: JSONValue]

  /// Reads `model.params` of a configuration.
  init(_ golden: GoldenCase) throws {
    guard let fields = golden.config["model"]?["params"] else {
      throw PlumbError("a field is missing", kind: .input, at: "config.model.params")
    }
    try self.init(fields)
  }

  init(_ fields: JSONValue) throws {
    steps = fields["timesteps"]?.integer ?? 1000
    let name = "ldm-" + (fields["beta_schedule"]?.text ?? "linear").replacing("_", with: "-")
    // A value the schedule does not use is left aside, as there.
    let isCosine = name == "ldm-cosine"
    let process: [String: JSONValue] = [
      "noise_schedule": .text(name), "diffusion_steps": JSONValue(steps), "variance": "fixed-small",
      "beta_start": isCosine ? .null : fields["linear_start"] ?? .null, "beta_end": isCosine ? .null : fields["linear_end"] ?? .null,
      "cosine_s": isCosine ? fields["cosine_s"] ?? .null : .null,
    ]
    self.process = process.filter { $0.value != .null }
    schedule = try BetaSchedule(
      named: name, start: process["beta_start"]?.double, end: process["beta_end"]?.double, offset: process["cosine_s"]?.double)
  }

  /// A cell of this process over a network of latents; `with` as in a pipeline.
  func cell(_ network: any Network, with: [String: JSONValue]) throws -> CaseCell { try CaseCell(network, process: process, with: with) }

  func process(_ respacing: Respacing = .all) throws -> DiffusionProcess {
    try DiffusionProcess(schedule: schedule, steps: steps, respacing: respacing)
  }
}
