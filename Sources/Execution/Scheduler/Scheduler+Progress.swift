package import ArtifactStore
package import Basics
import StageSchema

extension Scheduler {
  /// How far a cell is.
  struct Progress {
    enum Phase: Hashable {
      case waiting
      case unresolved
      case twin
      case running
      case cached, computed, failed, skipped
    }

    var phase = Phase.waiting
    var epoch = 0
    /// Inputs whose cells have not ended well.
    var waitsFor = 0
    var keys: Keys?
    var result: ResultManifest?
    /// The digests of the result's artifacts, by output.
    var contents: [String: Digest] = [:]
    var error: PlumbError?
    /// What a person should know of it.
    var notes: [String] = []
    var seconds = 0.0
    var total = 0
    /// Blocks that it computes itself; who comes later does not.
    var toDo: BlockSet?
    /// Blocks that cells which came before compute, and how many such cells are still at it.
    var shared: BlockSet?
    var sharers = 0
    /// Cells that wait for blocks of this one, and those of the same key.
    var followers: [Int] = []
    var twins: [Int] = []
    var blocksDone = 0
    var blocksComputed = 0
    /// The store is not what it was when the cell was planned.
    var isAfresh = false
    /// Objects that its result named and that turned out damaged.
    var reopenedFor: Set<Digest> = []

    var hasEnded: Bool {
      switch phase {
      case .cached, .computed, .failed, .skipped: true
      case .waiting, .unresolved, .twin, .running: false
      }
    }

    var hasResult: Bool { phase == .cached || phase == .computed }
  }

  /// How a cell ended, or where it was left when the run did.
  package struct Ending: Sendable {
    package let outcome: CellOutcome.Ending
    package let key: Digest?
    package let result: ResultManifest?
    package let notes: [String]
    package let seconds: Double
    package let blocksComputed: Int
  }

  package func ending(_ cell: Int) -> Ending {
    let progress = progress[cell]
    let outcome: CellOutcome.Ending =
      switch progress.phase {
      case .cached: .cached
      case .computed: .computed
      case .failed: .failed(progress.error ?? PlumbError("failed"))
      case .waiting, .unresolved, .twin, .running, .skipped: .skipped
      }
    return Ending(
      outcome: outcome, key: progress.keys?.result, result: progress.hasResult ? progress.result : nil, notes: progress.notes,
      seconds: progress.seconds, blocksComputed: progress.blocksComputed)
  }

  /// The digest of what a source holds; nil while its cell has no result.
  package func content(_ source: Source) -> Digest? { progress[source.cell].contents[source.output] }

  /// The key of a cell that has one.
  package func key(_ cell: Int) -> Digest? { progress[cell].keys?.result }
}
