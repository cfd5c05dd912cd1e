import Basics
import Diffusion
import StageKit

/// Parameters every stage that runs reverse steps shares: which steps, which samples, which seed.
struct StepParameters: Sendable {
  let steps: Int
  let spacing: String
  let extent: Range<Int>
  let seed: UInt64
  let clipDenoised: Bool

  static let fields: [ParameterField] = [
    ParameterField("steps", .integer(1...1_000_000), unit: "steps", doc: "T', the number of sampling steps kept of the training process."),
    ParameterField(
      "spacing", .choice(["even", "ddim"]), default: .text("even"),
      doc: "How steps are kept: evenly from first to last (guided-diffusion \"20\"), or with an integer stride from 0 (\"ddim20\")."),
    ParameterField("samples", .integer(1...4_000_000_000), role: .extent, unit: "images", doc: "How many samples."),
    ParameterField(
      "first", .integer(0...4_000_000_000), default: .integer(0), role: .extent,
      doc: "Index of the first sample: disjoint ranges of one seed, shared with a longer run."),
    ParameterField("seed", .integer(0...Int64.max), default: .integer(0), doc: "Seed of every random number."),
    ParameterField("clip_denoised", .bool, default: .bool(true), doc: "Clip the prediction of x_0 to [-1, 1], as for pixels."),
  ]

  init(_ parameters: StageParameters) throws {
    steps = try parameters.integer("steps")
    spacing = try parameters.text("spacing")
    let (first, samples) = (try parameters.integer("first"), try parameters.integer("samples"))
    guard first + samples <= Int(UInt32.max) else {
      throw StageIssue(.parameter(["samples"]), "sample indices end at 2^32", found: "\(first + samples)")
    }
    extent = first..<first + samples
    seed = UInt64(clamping: try parameters.integer("seed"))
    clipDenoised = try parameters.bool("clip_denoised")
  }

  /// The respaced process of a trained one. A count that does not fit is blamed on `steps`.
  func process(_ trained: TrainedProcess) throws -> DiffusionProcess {
    do {
      let schedule = try BetaSchedule(
        named: trained.text("noise_schedule") ?? "", start: trained.number("beta_start"), end: trained.number("beta_end"))
      return try DiffusionProcess(
        schedule: schedule, steps: trained.integer("diffusion_steps") ?? 1000,
        respacing: Respacing(parsing: spacing == "ddim" ? "ddim\(steps)" : "\(steps)"),
        rescaleTimesteps: trained.flag("rescale_timesteps"))
    } catch let error as PlumbError {
      throw StageIssue(
        .parameter(["steps"]),
        PlumbError(
          error.message, kind: .input, expected: error.expected ?? "at most \(trained.integer("diffusion_steps") ?? 1000) steps",
          found: error.found ?? "\(steps)"))
    }
  }
}

/// Parameters of a sampler with Epsilon Scaling.
struct SamplerParameters: Sendable {
  let sampler: Sampler
  let name: String
  let scaling: EpsilonScaling

  static let fields: [ParameterField] = [
    ParameterField("sampler", .choice(["ddpm", "ddim"]), default: .text("ddpm"), doc: "Ancestral sampling (ddpm), or DDIM with `eta`."),
    ParameterField("eta", .number(0...1), default: .number(0), doc: "Noise of DDIM: 0 is deterministic. Not used by ddpm."),
    ParameterField(
      "epsilon_scaling",
      .record([
        ParameterField("k", .number(-1...1), default: .number(0), doc: "Slope of lambda over the respaced index."),
        ParameterField("b", .number(0.01...100), default: .number(1), doc: "lambda at the least noisy step."),
      ]), default: .record(["k": .number(0), "b": .number(1)]),
      doc: "The predicted noise is divided by lambda(i) = k i + b before x_0 is predicted; k 0, b 1 is the plain sampler."),
  ]

  init(_ parameters: StageParameters) throws {
    name = try parameters.text("sampler")
    let eta = try parameters.number("eta")
    sampler = name == "ddim" ? .ddim(eta: eta) : .ancestral
    let record = try parameters.record("epsilon_scaling")
    scaling = EpsilonScaling(k: try record.number("k"), b: try record.number("b"))
  }

  /// The versions a cell with this sampler depends on.
  var versions: [String: Int] { ["sampler \(name)": SamplerVersions.version(name)] }
}

/// The integers to bump when a sampler's numbers change.
enum SamplerVersions {
  static func version(_ name: String) -> Int {
    switch name {
    case "ddim": 1
    default: 1
    }
  }
}

extension ReverseProcess {
  /// The reverse process of a network with the parameters of a stage; contradictions are blamed on the right field.
  init(_ trained: TrainedProcess, _ steps: StepParameters, sampler: Sampler = .ancestral, scaling: EpsilonScaling = .none) throws {
    let process = try steps.process(trained)
    do {
      try self.init(
        process: process, variance: ModelVariance(named: trained.text("variance") ?? ""),
        prediction: trained.text("prediction") == "xstart" ? .start : .noise,
        sampler: sampler, scaling: scaling, clipDenoised: steps.clipDenoised)
    } catch let error as PlumbError {
      throw StageIssue(.parameter(["epsilon_scaling"]), error)
    }
  }
}

extension ModelVariance {
  /// The variance under the name pipelines use.
  init(named name: String) throws {
    switch name {
    case "learned-range": self = .learnedRange
    case "learned": self = .learned
    case "fixed-large": self = .fixedLarge
    case "fixed-small": self = .fixedSmall
    default: throw PlumbError("unknown variance", kind: .input, found: name)
    }
  }
}
