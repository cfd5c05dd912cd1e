public import PipelineLanguage
public import StageSchema

/// A resolved value of a cell and what set it.
public struct ValueOrigin: Sendable {
  /// `with.epsilon_scaling.b`, `inputs.network`, `uses`.
  public let path: String
  public let value: ParameterValue
  /// Where the value is written, in a file or on the command line; nil for a default of the stage.
  public let literal: SourceRange?
  /// Where the stage takes it, when it is written elsewhere: `$steps` under `with`.
  public let use: SourceRange?
}

extension Cell {
  /// Every resolved value of the cell with the file and line, or the flag, that set it. `name` tells what a source is called.
  public func origins(naming name: (CellSource) -> String) -> [ValueOrigin] {
    var origins = [ValueOrigin(path: "uses", value: .text(descriptor.name), literal: declaration.origin("uses"), use: nil)]
    for input in inputs {
      for source in input.sources {
        origins.append(ValueOrigin(path: "inputs.\(input.port)", value: .text(name(source)), literal: input.range, use: nil))
      }
    }
    for template in declaration.fields {
      let places = template.places { axis in coordinates.first { $0.axisIndex == axis }?.valueIndex }
      for (path, value) in Self.leaves(parameters[template.field.name] ?? .null) {
        let literal = places[path] ?? places[""] ?? Self.around(path, in: places)
        let name = "with.\(template.field.name)" + (path.isEmpty || path.hasPrefix("[") ? path : "." + path)
        let use = literal.flatMap { $0 == template.use || template.use?.contains($0) == true ? nil : template.use }
        origins.append(ValueOrigin(path: name, value: value, literal: literal, use: use))
      }
    }
    return origins
  }

  /// The scalars of a value with their paths, records in alphabetical order.
  private static func leaves(_ value: ParameterValue, at path: String = "") -> [(String, ParameterValue)] {
    switch value {
    case .record(let fields) where !fields.isEmpty:
      fields.sorted { $0.key < $1.key }.flatMap { leaves($0.value, at: path.isEmpty ? $0.key : "\(path).\($0.key)") }
    case .list(let items) where !items.isEmpty: items.enumerated().flatMap { leaves($1, at: "\(path)[\($0)]") }
    default: [(path, value)]
    }
  }

  /// The place of an empty list or mapping that a path lies in.
  private static func around(_ path: String, in places: [String: SourceRange]) -> SourceRange? {
    places.first { path.hasPrefix($0.key + "[") }?.value
  }
}
