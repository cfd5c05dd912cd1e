package import ArtifactStore
import Basics
import Execution
import PipelineLanguage
package import Results

/// One table of many runs: a row for each score, or for each point of the axes of a run without scores; columns by the names
/// asked for.
public enum RunsTable {
  /// - Parameter columns: metrics (`fd`), parameters or axes (`steps`, `scaling`, `scaling.b`). Throws a `PlumbError` of kind `input`
  ///   for a name that no run knows.
  package static func table(_ records: [RunRecord], columns names: [String], store: ArtifactStore) throws -> ResultTable {
    let runs = records.map { record in
      let scores = RunScores(record, store: store).rows
      return (record: record, rows: scores.isEmpty ? RunScores.points(record) : scores, parameters: parameters(record))
    }
    let metrics = Set(runs.flatMap { $0.rows.flatMap(\.metrics.keys) })
    let settings = Set(runs.flatMap { run in run.parameters.keys + run.rows.flatMap(\.coordinates.keys) })
    let expanded = try names.flatMap { name -> [String] in
      if metrics.contains(name) || settings.contains(name) { return [name] }
      let fields = settings.filter { $0.hasPrefix(name + ".") }.sorted()
      guard fields.isEmpty else { return fields }
      let known = metrics.sorted() + settings.sorted()
      let near = NearestName.of(name, among: known)
      throw PlumbError(
        "no run has a score or a parameter called '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""), kind: .input, at: "--table",
        expected: known.isEmpty ? "runs with scores or parameters: there are none" : known.prefix(16).joined(separator: ", "))
    }
    let columns =
      [ResultColumn(key: "run", title: "run"), ResultColumn(key: "tags", title: "tags")]
      + expanded.map { metrics.contains($0) ? ResultColumn(score: $0) : ResultColumn(key: $0, title: $0) }
    let rows = runs.flatMap { run -> [[TableValue]] in
      let tags = TableValue.text(RunTags.of(run.record.id, in: store).joined(separator: " "))
      return run.rows.map { row in
        [.text(run.record.id.text), tags]
          + expanded.map { name in
            row.metrics[name].map(TableValue.number) ?? TableValue(row.coordinates[name] ?? run.parameters[name] ?? .null)
          }
      }
    }
    return ResultTable(name: "runs", caption: "Runs", columns: columns, rows: rows)
  }

  /// Parameters with one value; those with several are the rows' coordinates.
  private static func parameters(_ record: RunRecord) -> [String: JSONValue] {
    RunScores.flat(.object(record.pipeline.parameters.filter { $0.value.list == nil }))
  }
}
