import ArtifactStore
import Basics
import Execution

/// What two runs have in common and what not.
public struct RunComparison: Sendable {
  /// A value that differs, and the cells at which it does.
  public struct Difference: Sendable, Hashable {
    public let what: String
    public let first: String
    public let second: String
    /// Empty for what belongs to the whole run.
    public var cells: [String]
  }

  public let runs: (first: String, second: String)
  /// Parameters of the pipeline as they were resolved.
  public let parameters: [Difference]
  public let profile: [Difference]
  /// Identity of cells that both have: parameters, versions, content of files.
  public let cells: [Difference]
  /// Cells that one of them has alone.
  public let only: (first: [String], second: [String])
  /// Outputs both have: how many have the same digest, and those that have not.
  public let equalOutputs: Int
  public let outputs: [Difference]
  /// Scores side by side; nil when neither has any.
  public let scores: ResultTable?

  public init(_ first: RunRecord, _ second: RunRecord, store: ArtifactStore) {
    runs = (first.id, second.id)
    parameters = Self.differences(first.json["pipeline"]?["parameters"], second.json["pipeline"]?["parameters"])
    profile = Self.differences(first.json["profile"], second.json["profile"])
    let before = Self.byName(first)
    let after = Self.byName(second)
    only = (before.keys.filter { after[$0] == nil }.sorted(), after.keys.filter { before[$0] == nil }.sorted())
    var cells: [Difference] = []
    var outputs: [Difference] = []
    var equal = 0
    for name in before.keys.filter({ after[$0] != nil }).sorted() {
      for var difference in Self.differences(Self.settings(before[name]), Self.settings(after[name])) {
        difference.cells = [name]
        if let same = cells.firstIndex(where: { ($0.what, $0.first, $0.second) == (difference.what, difference.first, difference.second) })
        {
          cells[same].cells.append(name)
        } else {
          cells.append(difference)
        }
      }
      let (mine, theirs) = (before[name]?["outputs"]?.object ?? [:], after[name]?["outputs"]?.object ?? [:])
      for port in Set(mine.keys).intersection(theirs.keys).sorted() {
        if mine[port] == theirs[port] {
          equal += 1
        } else {
          outputs.append(
            Difference(
              what: "\(name).\(port)", first: Self.short(mine[port]), second: Self.short(theirs[port]), cells: [name]))
        }
      }
    }
    self.cells = cells
    self.outputs = outputs
    equalOutputs = equal
    scores = Self.scores(RunScores(first, store: store), RunScores(second, store: store))
  }

  private static func byName(_ record: RunRecord) -> [String: JSONValue] {
    Dictionary(record.cells.compactMap { cell in cell["name"]?.text.map { ($0, cell) } }, uniquingKeysWith: { first, _ in first })
  }

  /// What decided a cell; samples and first stand under `with`, where the pipeline has them.
  private static func settings(_ cell: JSONValue?) -> JSONValue? {
    guard var fields = cell?["identity"]?.object else { return nil }
    let extent = fields.removeValue(forKey: "extent")?.object ?? [:]
    fields["with"] = .object((fields["with"]?.object ?? [:]).merging(extent) { first, _ in first })
    return .object(fields)
  }

  private static func differences(_ first: JSONValue?, _ second: JSONValue?, at path: String = "") -> [Difference] {
    guard first != second else { return [] }
    if case .object(let mine)? = first, case .object(let theirs)? = second {
      return Set(mine.keys).union(theirs.keys).sorted().flatMap { name in
        differences(mine[name], theirs[name], at: path.isEmpty ? name : "\(path).\(name)")
      }
    }
    return [Difference(what: path, first: text(first), second: text(second), cells: [])]
  }

  private static func text(_ value: JSONValue?) -> String {
    guard let value, value != .null else { return "absent" }
    return value.text ?? String(decoding: value.encoded(), as: UTF8.self)
  }

  private static func short(_ digest: JSONValue?) -> String { digest?.text.map { String($0.prefix(12)) } ?? "absent" }

  private static func scores(_ first: RunScores, _ second: RunScores) -> ResultTable? {
    let mine = Dictionary(first.rows.map { ($0.cell, $0.metrics) }, uniquingKeysWith: { first, _ in first })
    let theirs = Dictionary(second.rows.map { ($0.cell, $0.metrics) }, uniquingKeysWith: { first, _ in first })
    let names = first.rows.map(\.cell) + second.rows.map(\.cell).filter { mine[$0] == nil }
    let rows = names.flatMap { name -> [[TableValue]] in
      Set((mine[name] ?? [:]).keys).union((theirs[name] ?? [:]).keys).sorted().map { metric in
        let (before, after) = (mine[name]?[metric], theirs[name]?[metric])
        let change: TableValue = if let before, let after { .number(after - before) } else { .missing }
        return [
          .text(name), .text(Metric.title(metric)), before.map(TableValue.number) ?? .missing, after.map(TableValue.number) ?? .missing,
          change,
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    return ResultTable(
      name: "scores", caption: "Scores of both runs",
      columns: [
        ResultColumn(key: "cell", title: "cell"), ResultColumn(key: "metric", title: "metric"), ResultColumn(key: "first", title: "first"),
        ResultColumn(key: "second", title: "second"), ResultColumn(key: "change", title: "change", isChange: true),
      ], rows: rows)
  }
}
