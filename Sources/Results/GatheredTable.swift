package import Basics

/// Scores and curves gathered over the axes of a sweep: what a table stage makes.
///
/// Format 1: `{"kind": "table", "axes": […], "shared": {port: result}, "rows": [{"label", "coordinates", "values"}]}`.
package struct GatheredTable: ResultDocument {
  package static let kind = "table"
  static let format = 1

  /// One point of the axes.
  package struct Row: Sendable, Hashable {
    /// `scaling.b=1.02`.
    package var label: String
    /// The value along each axis by its name.
    package var coordinates: [String: JSONValue]
    /// What arrived there, by port.
    package var values: [String: StoredResult]

    package init(label: String, coordinates: [String: JSONValue], values: [String: StoredResult]) {
      self.label = label
      self.coordinates = coordinates
      self.values = values
    }
  }

  /// Names of the gathered axes, in the order in which they were met.
  package var axes: [String]
  /// What varies along none of them, by port.
  package var shared: [String: StoredResult]
  /// In the declared order of the axes' values.
  package var rows: [Row]

  package init(axes: [String], shared: [String: StoredResult], rows: [Row]) {
    self.axes = axes
    self.shared = shared
    self.rows = rows
  }

  package var kindName: String { Self.kind }

  private enum Key: String {
    case kind, axes, shared, rows
  }

  private enum RowKey: String {
    case label, coordinates, values
  }

  package var json: JSONValue {
    JSONValue(fields: [
      Key.kind: .text(Self.kind), .axes: .list(axes.map(JSONValue.text)), .shared: .object(shared.mapValues(\.json)),
      .rows: .list(
        rows.map { row in
          JSONValue(fields: [
            RowKey.label: .text(row.label), .coordinates: .object(row.coordinates), .values: .object(row.values.mapValues(\.json)),
          ])
        }),
    ])
  }

  package init(json: JSONValue) throws {
    let fields = try Fields<Key>(json, of: "a table")
    try ResultFormat.check(json, newest: Self.format, what: "a table")
    let kind = try fields.text(.kind)
    guard kind == Self.kind else { throw PlumbError("this is no table", at: Key.kind.rawValue, expected: Self.kind, found: kind) }
    axes = try fields.texts(.axes)
    shared = (try fields.optionalObject(.shared) ?? [:]).mapValues(StoredResult.init)
    rows = try (try fields.optionalList(.rows) ?? []).enumerated().map { number, item in
      let row = try Fields<RowKey>(item, of: "row \(number + 1) of a table")
      return Row(
        label: try row.optionalText(.label) ?? "row \(number + 1)", coordinates: try row.optionalObject(.coordinates) ?? [:],
        values: (try row.optionalObject(.values) ?? [:]).mapValues(StoredResult.init))
    }
  }
}
