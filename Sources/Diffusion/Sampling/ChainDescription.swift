import Basics

/// A discrete-time process and a sampler over it, as a pipeline says them: the fields of a network's process record and those
/// of a sampling stage, under their names there.
public struct ChainDescription: Sendable, Hashable {
  /// A name of `BetaSchedule`.
  public var noiseSchedule: String
  /// T, the number of training steps.
  public var diffusionSteps = 1000
  /// First and last beta, and `cosine_s`, of schedules that take them.
  public var betaStart: Double?
  public var betaEnd: Double?
  public var cosineS: Double?
  public var rescaleTimesteps = false
  public var variance = ModelVariance.fixedLarge
  public var prediction = Prediction.noise

  /// One of `samplers`.
  public var sampler = "ddpm"
  /// Of `ddim` and `generalized`; `ddpm` has no use for it.
  public var eta = 0.0
  /// The count that `spacing` takes; nil keeps every step.
  public var steps: Int?
  /// One of `spacings`; nil is the rule of the project the schedule comes from: `ddim-uniform` and `ldm-uniform` under the
  /// schedules of those names, except for `ddpm` over latent diffusion's, and `even` otherwise.
  public var spacing: String?
  public var scaling = EpsilonScaling.none
  /// nil clips where the sampler does and the process is not latent diffusion's.
  public var clipDenoised: Bool?

  public init(noiseSchedule: String) { self.noiseSchedule = noiseSchedule }

  /// `ddpm`, ancestral; `ddim`, guided-diffusion's and DiT's; `generalized`, ermongroup/ddim's and latent diffusion's; `plms`.
  public static let samplers = ["ddpm", "ddim", "generalized", "plms"]

  /// How steps are kept: `even` and `ddim` as guided-diffusion's "20" and "ddim20", the others as `Respacing` tells.
  public static let spacings = ["even", "ddim", "ddim-uniform", "ddim-quad", "ldm-uniform", "ldm-quad", "first"]

  /// The spacing with its default filled in.
  var effectiveSpacing: String {
    if let spacing { return spacing }
    if noiseSchedule.hasPrefix("ddim-") { return "ddim-uniform" }
    return noiseSchedule.hasPrefix("ldm-") && sampler != "ddpm" ? "ldm-uniform" : "even"
  }
}

extension ReverseProcess {
  /// Puts a sampler together. Throws a `PlumbError` of kind `input` whose place is the field to blame: "noise_schedule",
  /// "diffusion_steps", "beta_start", "beta_end", "cosine_s", "sampler", "eta", "spacing", "steps", "epsilon_scaling" or
  /// "clip_denoised".
  public init(_ description: ChainDescription) throws {
    let sampler = try Self.sampler(description)
    try self.init(
      process: Self.process(description), variance: description.variance, prediction: description.prediction, sampler: sampler,
      scaling: description.scaling,
      clipDenoised: description.clipDenoised ?? (sampler.clips && !description.noiseSchedule.hasPrefix("ldm-")))
  }

  private static func sampler(_ description: ChainDescription) throws -> Sampler {
    switch description.sampler {
    case "ddpm": return .ancestral
    case "ddim": return .ddim(eta: description.eta)
    case "generalized": return .generalized(eta: description.eta)
    case "plms":
      guard description.eta == 0 else {
        throw PlumbError("plms adds no noise", kind: .input, at: "eta", expected: "0", found: "\(description.eta)")
      }
      return .plms
    default:
      throw PlumbError(
        "unknown sampler", kind: .input, at: "sampler", expected: ChainDescription.samplers.joined(separator: ", "),
        found: "\"\(description.sampler)\"")
    }
  }

  private static func process(_ description: ChainDescription) throws -> DiffusionProcess {
    let schedule = try BetaSchedule(
      named: description.noiseSchedule, start: description.betaStart, end: description.betaEnd, offset: description.cosineS)
    try blaming("diffusion_steps") { _ = try schedule.betas(steps: description.diffusionSteps) }
    let respacing = try respacing(description)
    try blaming("steps") { _ = try respacing.timesteps(of: description.diffusionSteps) }
    return try DiffusionProcess(
      schedule: schedule, steps: description.diffusionSteps, respacing: respacing, rescaleTimesteps: description.rescaleTimesteps)
  }

  private static func respacing(_ description: ChainDescription) throws -> Respacing {
    let spacing = description.effectiveSpacing
    guard ChainDescription.spacings.contains(spacing) else {
      throw PlumbError(
        "unknown spacing", kind: .input, at: "spacing", expected: ChainDescription.spacings.joined(separator: ", "),
        found: "\"\(spacing)\"")
    }
    guard let steps = description.steps else { return .all }
    return try blaming("steps") {
      switch spacing {
      case "even": try Respacing(parsing: "\(steps)")
      case "ddim": try Respacing(parsing: "ddim\(steps)")
      default: try Respacing(parsing: "\(spacing):\(steps)")
      }
    }
  }

  private static func blaming<Value>(_ field: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch var error as PlumbError {
      error.place = field
      throw error
    }
  }
}
