import Basics
package import Scoring

/// A table of results as a value: exact numbers with names for machines, titles and rounding for people.
public struct ResultTable: Sendable, Hashable {
  /// File name without extension.
  public var name: String
  public var caption: String
  public var columns: [ResultColumn]
  /// One value per column; missing ones at the end may be left out.
  public var rows: [[TableValue]]

  public init(name: String, caption: String, columns: [ResultColumn], rows: [[TableValue]]) {
    self.name = name
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }

  package func value(_ row: Int, _ column: Int) -> TableValue {
    rows.indices.contains(row) && rows[row].indices.contains(column) ? rows[row][column] : .missing
  }
}

/// A column: what it is called in files and on the page.
public struct ResultColumn: Sendable, Hashable {
  /// In CSV and JSON.
  public var key: String
  /// For people.
  public var title: String
  /// Which of its values are the better ones; nil when that is not known, or makes no sense.
  package var better: MetricDirection?
  /// A change: printed with its sign.
  public var isChange: Bool

  package init(key: String, title: String, better: MetricDirection? = nil, isChange: Bool = false) {
    self.key = key
    self.title = title
    self.better = better
    self.isChange = isChange
  }
}

public enum TableValue: Sendable, Hashable {
  case text(String)
  case integer(Int)
  /// A measured number: rounded for people, exact in files.
  case number(Double)
  /// A number somebody chose (a parameter): never rounded.
  case setting(Double)
  case missing

  /// A value somebody chose, as a pipeline or a record holds it.
  init(_ value: JSONValue) {
    switch value {
    case .null: self = .missing
    case .integer(let whole): self = Int(exactly: whole).map(TableValue.integer) ?? .missing
    case .number(let number): self = .setting(number)
    default: self = .text(value.plain)
    }
  }

  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value), .setting(let value): value
    case .text, .missing: nil
    }
  }

  /// As CSV and JSON hold it; numbers read back to the same bits.
  var exact: String {
    switch self {
    case .text(let text): text
    case .integer(let value): String(value)
    case .number(let value), .setting(let value): value.isFinite ? "\(value)" : ""
    case .missing: ""
    }
  }

  var json: JSONValue {
    switch self {
    case .text(let text): .text(text)
    case .integer(let value): JSONValue(value)
    case .number(let value), .setting(let value): value.isFinite ? .number(value) : .null
    case .missing: .null
    }
  }
}

extension ResultTable {
  /// The value as people read it.
  func text(_ row: Int, _ column: Int) -> String {
    switch value(row, column) {
    case .text(let text): text
    case .integer(let value): String(value)
    case .setting(let value): NumberText.plain(value)
    case .number(let value):
      columns.indices.contains(column) && columns[column].isChange ? NumberText.change(value) : NumberText.significant(value)
    case .missing: "–"
    }
  }

  /// The column's title with an arrow for the better direction.
  func heading(_ column: Int) -> String {
    switch columns[column].better {
    case .lower: columns[column].title + " ↓"
    case .higher: columns[column].title + " ↑"
    case nil: columns[column].title
    }
  }

  /// For each column the best value, where it has a better direction and at least two different values.
  package var best: [Double?] {
    columns.indices.map { column in
      guard let better = columns[column].better else { return nil }
      let all = rows.indices.compactMap { value($0, column).number }
      guard let low = all.min(), let high = all.max(), low < high else { return nil }
      return better == .lower ? low : high
    }
  }

  /// The first rows as a table of its own, and in words that there are more, in the CSV file beside it; all rows without a limit.
  func shortened(to limit: Int?) -> (table: ResultTable, words: String?) {
    guard let limit, rows.count > limit else { return (self, nil) }
    var table = self
    table.rows = Array(rows.prefix(limit))
    return (table, "The first \(NumberText.count(limit)) of \(NumberText.count(rows.count)) rows; the CSV file has all of them.")
  }
}
