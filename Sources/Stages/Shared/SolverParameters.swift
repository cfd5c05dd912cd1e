import Basics
package import Diffusion
package import StageRuntime
package import StageSchema

/// How a stage goes through the noise levels: parameters that together with the network's process make a solver.
///
/// Which samplers there are and what each takes is said by `Samplers`: fields, refusals, keys and versions derive from it.
package struct SolverParameters: Sendable {
  private let steps: Int
  private let asked: (any Sampler.Type)?
  private let arguments: SamplerArguments
  private let scaling: EpsilonScaling
  /// The mappings of arguments as they were given.
  private let groups: [String: ParameterValue]

  package static let fields: [ParameterField] =
    [
      ParameterField(
        "steps", .integer(1...1_000_000), unit: "steps", doc: "T', the number of sampling steps; of noise levels, for EDM and PFGM++."),
      ParameterField(
        "sampler", .choice(Samplers.all.map { $0.name }), optional: true,
        doc: Samplers.all.map { "\($0.name): \($0.doc)." }.joined(separator: " ")
          + " When absent, \(usual(.timestep).name) over timesteps and \(usual(.sigma).name) over noise levels."),
    ] + SamplerArgument.fields(Samplers.arguments)

  package static let scalingField = ParameterField(
    "epsilon_scaling",
    .record([
      ParameterField("k", .number(-1...1), default: .number(0), meaning: .lambdaSlope, doc: "Slope of lambda over the respaced index."),
      ParameterField("b", .number(0.01...100), default: .number(1), meaning: .lambdaOffset, doc: "lambda at the least noisy step."),
    ]), default: .record(["k": .number(0), "b": .number(1)]),
    doc: "The predicted noise is divided by lambda(i) = k i + b before x_0 is predicted; k 0, b 1 is the plain sampler.")

  /// `epsilon_scaling` is read where the stage has it. Throws `StageIssue` for an argument that the sampler, where it is named,
  /// does not take.
  package init(_ parameters: StageParameters) throws {
    steps = try parameters.integer("steps")
    asked = parameters.optionalText("sampler").flatMap(Samplers.named)
    arguments = SamplerArguments(
      Dictionary(Samplers.arguments.map { ($0.name, $0.value(in: parameters).json) }, uniquingKeysWith: { first, _ in first }))
    groups = Dictionary(
      Samplers.arguments.compactMap { $0.group.map { ($0, parameters.value($0)) } }, uniquingKeysWith: { first, _ in first })
    if parameters.fields["epsilon_scaling"] == nil {
      scaling = .none
    } else {
      let record = try parameters.record("epsilon_scaling")
      scaling = EpsilonScaling(k: try record.number("k"), b: try record.number("b"))
    }
    if let asked { try refuseUnused(by: asked) }
  }

  /// The sampler asked for, else the usual one of the process.
  package func sampler(_ facts: NetworkFacts) -> any Sampler.Type { asked ?? Self.usual(facts.process.axis) }

  /// The solver for a network's process. A contradiction is blamed on the field at fault.
  package func solver(_ facts: NetworkFacts) throws -> any ReverseSolver {
    let (sampler, axis) = (sampler(facts), facts.process.axis)
    guard sampler.axis == axis else {
      throw StageIssue(
        .parameter(["sampler"]), "the network was trained over \(axis == .timestep ? "timesteps" : "noise levels")",
        expected: Samplers.over(axis).map { $0.name }.joined(separator: ", "), found: sampler.name)
    }
    try refuseUnused(by: sampler)
    do {
      return try sampler.solver(for: facts.training(), steps: steps, scaling: scaling, arguments)
    } catch var error as PlumbError {
      error.kind = .input
      let known = Samplers.arguments.first { $0.name == error.place }?.path ?? Self.ownFields.first { $0 == error.place }.map { [$0] }
      if known == nil, let field = error.place, facts.process.json[field] != nil {
        throw StageIssue(.input("network"), error, reason: .wrongConfiguration)
      }
      if known == nil { error.found = error.found ?? "\(steps)" }
      throw StageIssue(.parameter(known ?? ["steps"]), error)
    }
  }

  /// What a key holds of these parameters: what they come to.
  package func meaning(_ facts: NetworkFacts) throws -> [String: ParameterValue] {
    let sampler = sampler(facts)
    let taken = sampler.arguments
    let meant = sampler.meaning(arguments, for: try facts.training())
    var meaning: [String: ParameterValue] = ["sampler": .text(sampler.name)]
    for argument in Samplers.arguments where argument.group == nil {
      meaning[argument.name] = ParameterValue(taken.contains(argument) || argument.isInEveryKey ? meant[argument] ?? argument.usual : .null)
    }
    for (group, value) in groups {
      guard case .record(let fields) = value else { continue }
      let always = Set(Samplers.arguments.filter { $0.group == group && $0.isInEveryKey }.map(\.name))
      meaning[group] = .record(fields.filter { $0.value != .null || always.contains($0.key) })
    }
    return meaning
  }

  /// Fields that enter no key: arguments of other samplers.
  package func unkeyed(_ facts: NetworkFacts) -> Set<String> {
    let sampler = sampler(facts)
    return Set(Samplers.arguments.filter { $0.group == nil && !$0.isInEveryKey && !sampler.arguments.contains($0) }.map(\.name))
  }

  /// The versions a cell depends on through its sampler.
  package func versions(_ facts: NetworkFacts) -> [String: Int] {
    let sampler = sampler(facts)
    return ["sampler \(sampler.name)": sampler.version]
  }

  private static let ownFields = ["steps", "sampler", "epsilon_scaling"]

  private static func usual(_ axis: NoiseLevels.Axis) -> any Sampler.Type {
    Samplers.over(axis).first ?? Ancestral.self
  }

  /// Throws where an argument is given that the sampler does not take: it would change the key and nothing else.
  private func refuseUnused(by sampler: any Sampler.Type) throws {
    let issues = Samplers.arguments.filter { arguments.isGiven($0) && !sampler.arguments.contains($0) }.map { argument in
      StageIssue(
        .parameter(argument.path), "the sampler \(sampler.name) takes no \(argument.name)",
        expected: "\(argument.name) only with the sampler " + Samplers.taking(argument).map { $0.name }.joined(separator: " or "),
        found: arguments[argument].map { ParameterValue($0).label })
    }
    guard var first = issues.first else { return }
    first.further = Array(issues.dropFirst())
    throw first
  }
}
