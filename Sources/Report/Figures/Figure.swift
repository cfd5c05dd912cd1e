import Foundation

/// A line plot over the sampling steps, as a value: what is drawn, not how.
public struct Figure: Sendable, Hashable {
  /// File name without extension.
  public var name: String
  /// A heading for people.
  public var title: String
  /// What is seen, in a sentence or two; also the picture's alternative text.
  public var caption: String
  /// Axis titles. `y` is in gnuplot's enhanced notation (`{/:Italic x}_t`), written by the program and never by a user.
  public var xTitle: String
  public var yTitle: String
  /// Values on the x axis: timesteps as people count them, 1 (least noise) ... T'.
  public var x: [Int]
  /// Columns of the CSV that are not drawn, e.g. the original timesteps.
  public var extra: [FigureColumn]
  public var series: [FigureSeries]
  /// Draws the line y = 0.
  public var zeroLine: Bool

  public init(
    name: String, title: String, caption: String, xTitle: String = "timestep", yTitle: String, x: [Int], extra: [FigureColumn] = [],
    series: [FigureSeries], zeroLine: Bool = false
  ) {
    self.name = name
    self.title = title
    self.caption = caption
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.x = x
    self.extra = extra
    self.series = series
    self.zeroLine = zeroLine
  }
}

/// A named column of numbers beside the x axis; nil where there is none. Whole numbers are written without a point.
public struct FigureColumn: Sendable, Hashable {
  public var name: String
  public var values: [Double?]

  public init(name: String, values: [Double?]) {
    self.name = name
    self.values = values
  }
}

/// One curve; `values` has an entry per x, nil where there is none.
public struct FigureSeries: Sendable, Hashable {
  public enum Role: Sendable, Hashable {
    /// What the others are held against: black, dashed, open triangles.
    case reference
    /// Without Epsilon Scaling.
    case baseline
    /// Number n of the cells compared.
    case cell(Int)
  }

  public var label: String
  public var values: [Double?]
  public var role: Role

  public init(label: String, values: [Double?], role: Role) {
    self.label = label
    self.values = values
    self.role = role
  }

  /// The series over `x` from values by timestep.
  init(_ label: String, _ points: [Int: Double], over x: [Int], _ role: Role) {
    self.init(label: label, values: x.map { points[$0] }, role: role)
  }
}

extension TableValue {
  /// An integer when the number is whole.
  fileprivate init(_ number: Double) {
    self = Int(exactly: number).map(TableValue.integer) ?? .number(number)
  }
}

extension Figure {
  /// True when there is at least one value to draw.
  var hasValues: Bool { series.contains { $0.values.contains { $0 != nil } } }

  /// The figure's numbers: x, extra columns, then one column per series. Exact.
  var table: ResultTable {
    let columns =
      [ResultColumn(key: "timestep", title: xTitle)]
      + extra.map { ResultColumn(key: $0.name, title: $0.name.replacingOccurrences(of: "_", with: " ")) }
      + series.map { ResultColumn(key: $0.label, title: $0.label) }
    let rows = x.indices.map { position in
      [TableValue.integer(x[position])]
        + extra.map { column in
          column.values.indices.contains(position) ? column.values[position].map { TableValue($0) } ?? .missing : .missing
        }
        + series.map { one in one.values.indices.contains(position) ? one.values[position].map(TableValue.number) ?? .missing : .missing }
    }
    return ResultTable(name: name, caption: title, columns: columns, rows: rows)
  }

  /// The table as CSV: gnuplot's input and the file beside the picture.
  public var csv: String { table.csv }
}
