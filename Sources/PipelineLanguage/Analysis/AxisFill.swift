import OrderedCollections

/// A part of a field that takes its value from an axis.
public struct AxisFill: Sendable, Hashable {
  /// Position of the axis in `Pipeline.axes`.
  public let axis: Int
  /// Where in the field: `b`; empty for the field itself. What stands in a list counts for the list.
  public let path: String
  /// Where in the axis's value: `b` in `{k: 0, b: 1.02}`; empty for the value itself.
  public let source: String
  /// Whether that part is the value, and not a text or a list made with it.
  public let isWhole: Bool
}

extension ParameterScope {
  /// What of a value comes from axes, also through other parameters.
  func fills(of expression: Expression) -> OrderedSet<AxisFill> {
    guard !axes(of: expression).isEmpty else { return [] }
    var fills: OrderedSet<AxisFill> = []
    collect(expression, at: "", isWhole: true, into: &fills)
    return fills
  }

  private func collect(_ expression: Expression, at path: String, isWhole: Bool, into fills: inout OrderedSet<AxisFill>) {
    switch expression {
    case .literal, .unreadable: break
    case .reference(let reference):
      collect(reference.name.value, reference.fields.map(\.value), at: path, isWhole: isWhole, into: &fills)
    case .interpolation(let pieces, _):
      for case .reference(let reference) in pieces {
        collect(reference.name.value, reference.fields.map(\.value), at: path, isWhole: false, into: &fills)
      }
    case .list(let items, _):
      for item in items { collect(item, at: path, isWhole: false, into: &fills) }
    case .map(let entries, _):
      for entry in entries {
        collect(entry.value, at: path.isEmpty ? entry.key.value : "\(path).\(entry.key.value)", isWhole: isWhole, into: &fills)
      }
    }
  }

  /// `fields` of a parameter, in a field at `path`.
  private func collect(_ name: String, _ fields: [String], at path: String, isWhole: Bool, into fills: inout OrderedSet<AxisFill>) {
    guard let parameter = parameters[name], !unresolvable.contains(name) else { return }
    if parameter.isAxis, let axis = axisIndices[name] {
      fills.append(AxisFill(axis: axis, path: path, source: fields.joined(separator: "."), isWhole: isWhole))
    }
    for value in parameter.values where !axes(of: value).isEmpty {
      collect(value, fields[...], at: path, isWhole: isWhole, into: &fills)
    }
  }

  /// What stands at `fields` of a value.
  private func collect(
    _ value: Expression, _ fields: ArraySlice<String>, at path: String, isWhole: Bool, into fills: inout OrderedSet<AxisFill>
  ) {
    guard let field = fields.first else { return collect(value, at: path, isWhole: isWhole, into: &fills) }
    switch value {
    case .map(let entries, _):
      guard let entry = entries.first(where: { $0.key.value == field }) else { return }
      collect(entry.value, fields.dropFirst(), at: path, isWhole: isWhole, into: &fills)
    case .reference(let reference):
      collect(reference.name.value, reference.fields.map(\.value) + fields, at: path, isWhole: isWhole, into: &fills)
    // Nothing else has fields.
    case .literal, .interpolation, .list, .unreadable: break
    }
  }
}
