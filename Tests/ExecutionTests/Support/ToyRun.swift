import ArtifactStore
import Basics
import Execution
import Foundation
import Planning
import Synchronization
import Testing

/// A pipeline of toy stages on a store that goes away with it; may be run again, in whole or with other values.
final class ToyRun: Sendable {
  let folder: String
  let store: ArtifactStore

  init(_ text: String) throws {
    folder = FileManager.default.temporaryDirectory.path + "/plumb-execution-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
    store = ArtifactStore(root: folder + "/store")
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func workspace(_ overrides: String..., lanes: Int = 2) throws -> Workspace {
    try Workspace(
      .init(file: folder + "/p.plumb.yaml", overrides: overrides, store: store.root, lanes: lanes), catalogue: ToyStages.table)
  }

  /// Runs to the end. `forced`: names of cells.
  @discardableResult
  func run(
    _ workspace: Workspace, forced: [String] = [], keepsGoing: Bool = false, cancellation: Cancellation = Cancellation(),
    events: @escaping @Sendable (ExecutionEvent) -> Void = { _ in },
    on runner: (@Sendable (Workspace, Plan) throws -> any TaskRunner)? = nil
  ) throws -> PipelineRun.Finished {
    var run = PipelineRun(workspace: workspace, forced: try workspace.select(forced), keepsGoing: keepsGoing, command: [])
    run.runner = runner
    return try run.run(history: workspace.history(), cancellation: cancellation, planned: { _ in events }, idle: { _ in })
  }
}

extension PipelineRun.Finished {
  /// How a cell ended, in a word, with the error if there is one.
  func ending(_ cell: String) -> String {
    guard let outcome = outcomes.first(where: { $0.cell.cell.name == cell }) else { return "no cell \(cell)" }
    return switch outcome.ending {
    case .cached: "cached"
    case .computed: "computed"
    case .skipped: "skipped"
    case .failed(let error): "failed: \(error)"
    }
  }

  /// Every error, for a message.
  var errors: [String] { outcomes.compactMap { if case .failed(let error) = $0.ending { "\($0.cell.cell.name): \(error)" } else { nil } } }
}

/// Counts from any thread.
final class RepairCounter: Sendable {
  private let value = Mutex(0)
  var count: Int { value.withLock { $0 } }
  func add() { value.withLock { $0 += 1 } }
}
