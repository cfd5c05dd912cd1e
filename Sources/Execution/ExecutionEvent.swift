public import Basics

/// What an execution tells while it runs, in the order it happens.
public enum ExecutionEvent: Sendable {
  /// Work on a cell begins. `blocksCached` of its `blocks` were in the store (0 of 0 for a whole stage).
  case started(cell: String, evaluations: Int, blocks: Int, blocksCached: Int)
  /// A file named by address is being fetched; `total` is nil while the server has not told.
  case fetching(cell: String, received: Int, total: Int?)
  case blockFinished(cell: String, done: Int, of: Int)
  /// The result is in the store; `isComputed` is false when it was there before.
  case finished(cell: String, isComputed: Bool, seconds: Double)
  /// A damaged object was set aside and is computed again.
  case repaired(cell: String, reason: String)
  /// Something that a person should know, though the cell goes on.
  case noted(cell: String, String)
  case failed(cell: String, error: PlumbError)
}
