package import Basics

/// The value of one axis of a sweep.
package struct Coordinate: Sendable, Hashable {
  let axis: String
  let value: JSONValue

  package init(axis: String, value: JSONValue) { (self.axis, self.value) = (axis, value) }

  /// Its columns in a table: one per field for maps, else one. Values by column name.
  var columns: [(name: String, value: JSONValue)] {
    guard let fields = value.object, !fields.isEmpty else { return [(axis, value)] }
    return fields.sorted { $0.key < $1.key }.map { ("\(axis).\($0.key)", $0.value) }
  }

  /// `steps = 20`, `name = a, width = 3`.
  package var text: String {
    guard let fields = value.object else { return "\(axis) = \(Self.text(value))" }
    return fields.sorted { $0.key < $1.key }.map { "\($0.key) = \(Self.text($0.value))" }.joined(separator: ", ")
  }

  private static func text(_ value: JSONValue) -> String {
    if case .number(let number) = value { NumberText.plain(number) } else { value.plain }
  }
}

/// A row's name for people, in the parts that a comparison takes apart: in legends, tables and sentences.
package struct RowLabel: Sendable, Hashable {
  /// What tells it from the rows it is compared with ("b = 1.02"); everything when nothing is compared.
  package let compared: String
  /// The settings that are equal among those ("steps = 20"); empty when there are none.
  let settings: String
  /// Which draw of the experiment it is ("seed = 1"); empty when there is one.
  let replicate: String

  /// `steps = 20, seed = 1`.
  var group: String { [settings, replicate].filter { !$0.isEmpty }.joined(separator: ", ") }
  package var full: String { group.isEmpty ? compared : "\(compared), \(group)" }
}

/// Along which axes the rows of a table are compared.
package enum Comparison: Sendable, Hashable {
  /// Along those that fill Epsilon Scaling.
  case scaling
  /// Along the one setting there is.
  case setting(String)
  /// There are several settings, or it is not known what the axes are: no row is held against another.
  case none

  init(axes: [String], design: SweepDesign) {
    let roles = axes.map { (axis: $0, role: design.role(of: $0)) }
    let settings = roles.filter { $0.role == .setting }
    if design.axes == nil {
      self = .none
    } else if roles.contains(where: { $0.role == .scaling }) {
      self = .scaling
    } else {
      self = settings.count == 1 ? .setting(settings[0].axis) : .none
    }
  }

  func label(_ coordinates: [Coordinate], lambda: Lambda?, design: SweepDesign, fallback: String) -> RowLabel {
    func text(_ chosen: (Coordinate) -> Bool) -> String { coordinates.filter(chosen).map(\.text).joined(separator: ", ") }
    func role(_ coordinate: Coordinate) -> SweepDesign.Role { design.role(of: coordinate.axis) }
    let replicate = text { role($0) == .replicate }
    let (compared, settings): (String, String) =
      switch self {
      case .scaling: (lambda?.text ?? text { role($0) == .scaling }, text { role($0) == .setting })
      case .setting(let axis): (text { $0.axis == axis }, "")
      case .none: (text { role($0) != .replicate }, "")
      }
    return RowLabel(compared: compared.isEmpty ? fallback : compared, settings: settings, replicate: replicate)
  }
}
