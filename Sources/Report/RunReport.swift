package import ArtifactStore
import Basics
package import Results

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
  package static func write(_ record: RunRecord, store: ArtifactStore) throws -> RunReport {
    var content = ReportContent(record)
    content.collectResults(of: record, from: store)
    let folder = store.runFolder(record.id)
    let written = try ReportPage(content: content, cache: StoreFigureCache(store: store)).write(into: folder)
    return RunReport(page: "\(folder)/\(written.paths.first ?? "report.html")", tables: written.scores, notes: written.notes)
  }
}
