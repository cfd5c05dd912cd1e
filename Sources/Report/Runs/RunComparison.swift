package import ArtifactStore
public import Basics
import OrderedCollections
package import Results
import Scoring

/// What two runs have in common and what not.
public struct RunComparison: Sendable {
  /// A value that differs, and the cells at which it does.
  public struct Difference: Sendable, Hashable {
    public let what: String
    public let first: String
    public let second: String
    /// Empty for what belongs to the whole run.
    public fileprivate(set) var cells: [String]
  }

  public let runs: (first: RunID, second: RunID)
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

  package init(_ first: RunRecord, _ second: RunRecord, store: ArtifactStore) {
    runs = (first.id, second.id)
    parameters = Self.differences(.object(first.pipeline.parameters), .object(second.pipeline.parameters))
    profile = Self.differences(first.profile, second.profile)
    let before = Self.byName(first)
    let after = Self.byName(second)
    only = (before.keys.filter { after[$0] == nil }.sorted(), after.keys.filter { before[$0] == nil }.sorted())
    var cells: [(difference: Difference, name: String)] = []
    var outputs: [Difference] = []
    var equal = 0
    for (name, mine) in before.sorted(by: { $0.key < $1.key }) {
      guard let theirs = after[name] else { continue }
      for difference in theirs.identity.differences(from: mine.identity) {
        let found = Difference(
          what: Self.words(difference.part), first: Self.text(difference.before), second: Self.text(difference.now), cells: [])
        cells.append((found, name))
      }
      for (port, one) in (mine.outputs ?? [:]).sorted(by: { $0.key < $1.key }) {
        guard let other = theirs.outputs?[port] else { continue }
        if one == other {
          equal += 1
        } else {
          outputs.append(Difference(what: "\(name).\(port)", first: one.short, second: other.short, cells: [name]))
        }
      }
    }
    self.cells = OrderedDictionary(grouping: cells) { $0.difference }.map { difference, cells in
      var difference = difference
      difference.cells = cells.map(\.name)
      return difference
    }
    self.outputs = outputs
    equalOutputs = equal
    scores = Self.scores(RunScores(first, store: store), RunScores(second, store: store))
  }

  private static func byName(_ record: RunRecord) -> [String: RecordedCell] {
    Dictionary(record.cells.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The path at which a part stands in the record; samples and first stand under `with`, where the pipeline has them.
  private static func words(_ part: RecordedIdentity.Part) -> String {
    switch part {
    case .stage: "stage"
    case .version: "version"
    case .uses(let name): "uses.\(name)"
    case .parameter(let path): "with.\(path.joined(separator: "."))"
    case .file(let field): "files.\(field)"
    }
  }

  private static func differences(_ first: JSONValue, _ second: JSONValue) -> [Difference] {
    second.leaves(differingFrom: first).map {
      Difference(what: $0.path.joined(separator: "."), first: text($0.before), second: text($0.now), cells: [])
    }
  }

  private static func text(_ value: JSONValue?) -> String {
    guard let value, value != .null else { return "absent" }
    return value.plain
  }

  private static func scores(_ first: RunScores, _ second: RunScores) -> ResultTable? {
    let mine = Dictionary(first.rows.map { ($0.cell, $0.metrics) }, uniquingKeysWith: { first, _ in first })
    let theirs = Dictionary(second.rows.map { ($0.cell, $0.metrics) }, uniquingKeysWith: { first, _ in first })
    let names = first.rows.map(\.cell) + second.rows.map(\.cell).filter { mine[$0] == nil }
    let rows = names.flatMap { name -> [[TableValue]] in
      Set((mine[name] ?? [:]).keys).union((theirs[name] ?? [:]).keys).sorted().map { metric in
        let (before, after) = (mine[name]?[metric], theirs[name]?[metric])
        let change: TableValue = if let before, let after { .number(after - before) } else { .missing }
        return [
          .text(name), .text(ScoreHeading(of: metric).title), before.map(TableValue.number) ?? .missing,
          after.map(TableValue.number) ?? .missing,
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
