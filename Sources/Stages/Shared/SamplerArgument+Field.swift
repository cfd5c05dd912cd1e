import Basics
import Diffusion
import StageSchema

/// How a pipeline gives samplers their arguments.
extension SamplerArgument {
  /// The fields of arguments: those of a group stand together, where its first one is.
  static func fields(_ arguments: [SamplerArgument]) -> [ParameterField] {
    var (fields, groups): ([ParameterField], Set<String>) = ([], [])
    for argument in arguments {
      guard let group = argument.group else {
        fields.append(argument.field)
        continue
      }
      guard groups.insert(group).inserted else { continue }
      let members = arguments.filter { $0.group == group }
      let samplers = Samplers.all.filter { sampler in members.contains { sampler.arguments.contains($0) } }
      fields.append(
        ParameterField(
          group, .record(members.map(\.field)), optional: true,
          doc: "Arguments under the names of that project's command line, for the samplers \(names(samplers))."))
    }
    return fields
  }

  /// Always optional: what an absent one comes to depends on the sampler.
  private var field: ParameterField {
    let takers = Samplers.taking(self)
    let isOfAll = group != nil && takers.first.map { takers.count == Samplers.over($0.axis).count } ?? false
    return ParameterField(name, type, optional: true, doc: isOfAll ? doc : doc + " Only for \(Self.names(takers)).")
  }

  private static func names(_ samplers: [any Sampler.Type]) -> String { samplers.map { $0.name }.joined(separator: ", ") }

  private var type: ParameterType {
    switch kind {
    case .flag: .bool
    case .number(let range): .number(range)
    case .choice(let names): .choice(names)
    }
  }

  /// What was given for it; `null` when nothing was.
  func value(in parameters: StageParameters) -> ParameterValue {
    guard let group else { return parameters.value(name) }
    return parameters.value(group)[name] ?? .null
  }
}
