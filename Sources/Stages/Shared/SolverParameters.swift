import Basics
import Diffusion
import Networks
import StageRuntime
import StageSchema

/// How a stage goes through the noise levels: parameters that together with the network's process make a solver.
struct SolverParameters: Sendable {
  private let steps: Int
  private let name: SamplerName?
  private let eta: Double
  private let spacing: String?
  private let clipDenoised: Bool?
  private let scaling: EpsilonScaling
  private let sigma: SigmaParameters

  static let fields: [ParameterField] = [
    ParameterField(
      "steps", .integer(1...1_000_000), unit: "steps", doc: "T', the number of sampling steps; of noise levels, for EDM and PFGM++."),
    ParameterField(
      "sampler", .choice(SamplerName.allCases.map(\.rawValue)), optional: true,
      doc: "ddpm: ancestral. ddim: guided-diffusion's and DiT's. generalized: DDIM as ermongroup/ddim and LDM have it, over the predicted "
        + "noise. plms: LDM's multistep. heun, euler: EDM's, over noise levels. When absent, ddpm over timesteps and heun over noise levels."
    ),
    ParameterField("eta", .number(0...1), default: .number(0), doc: "Noise of ddim and generalized: 0 is deterministic."),
    ParameterField(
      "spacing", .choice(Spacing.allCases.map(\.rawValue)), optional: true,
      doc: "Which timesteps are kept. even: from first to last (guided-diffusion \"20\"); ddim: an integer stride from 0 (\"ddim20\"); "
        + "ddim-uniform, ddim-quad: skips of ermongroup/ddim; ldm-uniform, ldm-quad: LDM's. When absent, the uniform one of the project whose network it is."
    ),
    ParameterField(
      "clip_denoised", .bool, optional: true,
      doc: "Clip the prediction of x_0 to [-1, 1]. When absent, done for pictures by the samplers that do so, not for latents."),
    SigmaParameters.field,
  ]

  static let scalingField = ParameterField(
    "epsilon_scaling",
    .record([
      ParameterField("k", .number(-1...1), default: .number(0), doc: "Slope of lambda over the respaced index."),
      ParameterField("b", .number(0.01...100), default: .number(1), doc: "lambda at the least noisy step."),
    ]), default: .record(["k": .number(0), "b": .number(1)]),
    doc: "The predicted noise is divided by lambda(i) = k i + b before x_0 is predicted; k 0, b 1 is the plain sampler.")

  /// How timesteps are kept.
  private enum Spacing: String, CaseIterable {
    case even, ddim
    case ddimUniform = "ddim-uniform"
    case ddimQuad = "ddim-quad"
    case ldmUniform = "ldm-uniform"
    case ldmQuad = "ldm-quad"

    init(_ usual: ChainConventions.Spacing) {
      switch usual {
      case .even: self = .even
      case .ddimUniform: self = .ddimUniform
      case .ldmUniform: self = .ldmUniform
      }
    }

    func respacing(_ steps: Int) throws -> Respacing {
      switch self {
      case .even: try Respacing(parsing: "\(steps)")
      case .ddim: try Respacing(parsing: "ddim\(steps)")
      default: try Respacing(parsing: "\(rawValue):\(steps)")
      }
    }
  }

  /// `epsilon_scaling` is read where the stage has it.
  init(_ parameters: StageParameters) throws {
    steps = try parameters.integer("steps")
    name = parameters.optionalText("sampler").flatMap(SamplerName.init)
    eta = try parameters.number("eta")
    spacing = parameters.optionalText("spacing")
    clipDenoised = parameters.value("clip_denoised").bool
    sigma = try SigmaParameters(parameters)
    if parameters.fields["epsilon_scaling"] == nil {
      scaling = .none
    } else {
      let record = try parameters.record("epsilon_scaling")
      scaling = EpsilonScaling(k: try record.number("k"), b: try record.number("b"))
    }
  }

  /// The solver for a network's process. A contradiction is blamed on the field at fault.
  func solver(_ facts: NetworkFacts) throws -> any ReverseSolver {
    let name = sampler(facts)
    guard name.isDiscrete == (facts.process.kind == .discrete) else {
      throw StageIssue(
        .parameter(["sampler"]), "the network was trained over \(facts.process.kind == .discrete ? "timesteps" : "noise levels")",
        expected: SamplerName.allCases.filter { $0.isDiscrete != name.isDiscrete }.map(\.rawValue).joined(separator: ", "),
        found: name.rawValue)
    }
    guard name.isDiscrete else {
      try refuse("spacing", spacing.map { .text($0) }, of: name)
      try refuse("clip_denoised", clipDenoised.map { .bool($0) }, of: name)
      return try sigma.solver(facts, name, steps: steps, scaling: scaling)
    }
    try sigma.refuse(name)
    return try discrete(facts, name)
  }

  /// The sampler asked for, else the usual one of the process.
  func sampler(_ facts: NetworkFacts) -> SamplerName { name ?? .usual(facts.process.kind) }

  /// What a key holds of these parameters: what they come to.
  func meaning(_ facts: NetworkFacts) -> [String: ParameterValue] {
    let name = sampler(facts)
    return [
      "sampler": .text(name.rawValue), "spacing": name.isDiscrete ? .text(spacing(facts).rawValue) : .null,
      "clip_denoised": name.isDiscrete ? .bool(clips(facts, name)) : .null,
    ]
  }

  /// The versions a cell depends on through its sampler.
  func versions(_ facts: NetworkFacts) -> [String: Int] {
    let name = sampler(facts)
    return ["sampler \(name.rawValue)": name.version]
  }

  /// The spacing asked for, else that of the network's authors.
  private func spacing(_ facts: NetworkFacts) -> Spacing {
    spacing.flatMap(Spacing.init) ?? Spacing(type(of: facts.network).conventions.spacing)
  }

  private func clips(_ facts: NetworkFacts, _ name: SamplerName) -> Bool {
    clipDenoised ?? (facts.firstStage == nil && name.sampler(eta: eta).clips)
  }

  private func discrete(_ facts: NetworkFacts, _ name: SamplerName) throws -> ReverseProcess {
    let trained = facts.process
    let process = try blaming("steps") {
      try DiscreteProcesses.process(trained, spacing: spacing(facts).rawValue, steps: steps) {
        let schedule = try BetaSchedule(
          named: trained.text("noise_schedule") ?? "", start: trained.number("beta_start"), end: trained.number("beta_end"),
          offset: trained.number("cosine_s"))
        return try DiffusionProcess(
          schedule: schedule, steps: trained.integer("diffusion_steps") ?? 1000,
          respacing: spacing(facts).respacing(steps), rescaleTimesteps: trained.flag("rescale_timesteps"))
      }
    }
    return try blaming("epsilon_scaling") {
      try ReverseProcess(
        process: process, variance: ModelVariance(named: trained.text("variance") ?? ""),
        prediction: trained.text("prediction") == "xstart" ? .start : .noise, sampler: name.sampler(eta: eta), scaling: scaling,
        clipDenoised: clips(facts, name))
    }
  }

  /// Runs `body`; what it throws is blamed on the field it names, else on `field`.
  private func blaming<Result>(_ field: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as PlumbError {
      error.kind = .input
      if let place = error.place, ["noise_schedule", "beta_start", "beta_end", "cosine_s"].contains(place) {
        throw StageIssue(.input("network"), error, reason: .wrongConfiguration)
      }
      let named = Self.fields.map(\.name).first { $0 == error.place }
      if field == "steps", named == nil { error.found = error.found ?? "\(steps)" }
      throw StageIssue(.parameter([named ?? field]), error)
    }
  }

  private func refuse(_ field: String, _ value: ParameterValue?, of name: SamplerName) throws {
    if let value {
      throw StageIssue(.parameter([field]), "the sampler \(name.rawValue) takes no \(field)", expected: "nothing", found: value.label)
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
