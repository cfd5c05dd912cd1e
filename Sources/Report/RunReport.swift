import ArtifactStore
import Basics
import Execution

/// The report of a run: what `ReportPage` shows, filled in from the run's record and the results it names.
public struct RunReport: Sendable {
  /// Path of the page.
  public let page: String
  /// The score tables, for a terminal.
  public let tables: [ResultTable]
  /// What could not be shown, and why.
  public let notes: [String]

  /// Writes the report into the run's folder. Results that are gone, or figures that cannot be drawn, are noted on the
  /// page; only a store that cannot be written throws.
  public static func write(_ record: RunRecord, store: ArtifactStore) throws -> RunReport {
    var content = ReportContent(record)
    content.collectResults(of: record, from: store)
    let folder = store.runFolder(record.id)
    let files = try ReportPage(content: content, cache: StoreFigureCache(store: store)).write(into: folder)
    let tables = content.tables.compactMap { ScoreTable.table(of: SweepTable($0), prefix: "") }
    return RunReport(page: "\(folder)/\(files.first ?? "report.html")", tables: tables, notes: content.notes)
  }
}
