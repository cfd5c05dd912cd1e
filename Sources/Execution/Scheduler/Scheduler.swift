package import ArtifactStore
package import Basics
import DequeModule
package import StageSchema

/// Which piece of work runs when, as a value: an event goes in, commands come out, and nothing else happens. Whoever runs it
/// carries the commands out, wherever and on however many threads, and hands back what came of them.
///
/// A cell waits for its inputs; once they are there it has a key. A cell whose key another one has already is its twin and
/// waits for its end. The others are looked up once, and what is missing of them becomes pieces: blocks, then the completion
/// that makes the outputs of them (of a stage without blocks the completion alone). Blocks that another cell of another
/// length computes are asked for when that one has ended.
///
///     waiting ──inputs there──▶ unresolved ──looked up──▶ running ──completion──▶ ended (computed)
///        ▲                        │    └─twin of another       │
///        │                        └─in the store─▶ ended (cached)
///        └──────── an object it read is damaged ───────────────┘  and the cell that made the object runs again
///
/// A failed cell ends those that need it (skipped); without `keepsGoing` it ends the run, as cancelling does, once the pieces
/// in flight have ended. Every piece that was started ends with a verdict, so no run waits for ever.
///
/// - Complexity: an event costs what depends on its cell, not the number of cells.
package struct Scheduler: Sendable {
  /// What never changes of a cell.
  package struct Cell: Sendable {
    package let name: String
    /// Cells of one group may be limited together: those of a stage.
    package let group: Int
    /// Outputs of other cells that flow in, in order.
    package let sources: [Source]
    /// Network evaluations of one sample, or of a cell without blocks; for display.
    package let evaluations: Int
    /// Its key and result, when planning found them in the store.
    package let known: Known?

    package init(name: String, group: Int = 0, sources: [Source] = [], evaluations: Int = 0, known: Known? = nil) {
      (self.name, self.group, self.sources, self.evaluations, self.known) = (name, group, sources, evaluations, known)
    }
  }

  package struct Known: Sendable {
    package let keys: Keys
    package let result: ResultManifest
    package init(keys: Keys, result: ResultManifest) { (self.keys, self.result) = (keys, result) }
  }

  package struct Source: Sendable, Hashable {
    package let cell: Int
    package let output: String
    package init(cell: Int, output: String) { (self.cell, self.output) = (cell, output) }
  }

  package struct Keys: Sendable, Hashable {
    package let result: Digest
    /// What cells that share blocks have in common: the key of a block of no samples.
    package let blocks: Digest
    package init(result: Digest, blocks: Digest) { (self.result, self.blocks) = (result, blocks) }
  }

  /// A piece of work.
  package struct Piece: Sendable, Hashable {
    package let cell: Int
    /// The samples of a block; nil for the completion.
    package let range: Range<Int>?
    /// A cell that starts over takes no verdict on earlier pieces.
    let epoch: Int
  }

  package enum Event: Sendable {
    case begin
    /// What there is of a cell in the store.
    case lookedUp(cell: Int, Found)
    /// - Parameter seconds: what the piece took where it ran.
    case ended(Piece, Verdict, seconds: Double)
    case cancelled
  }

  package enum Found: Sendable {
    case result(ResultManifest)
    /// No result of a stage without blocks.
    case nothing
    case blocks(total: Int, missing: BlockSet)
    case failed(PlumbError)
  }

  package enum Command: Sendable {
    /// Answer with `lookedUp`. `isAfresh`: the store has lost something since it was planned.
    case lookUp(cell: Int, Keys, isAfresh: Bool)
    /// Answer with `ended`, once, whatever happens.
    case start(Piece)
    case tell(ExecutionEvent)
    /// Nothing still to run needs these artifacts.
    case letGo(Set<Digest>)
    /// All pieces have ended and none will start.
    case end
  }

  package struct Limits: Sendable {
    /// Pieces in flight at once.
    package var lanes: Int
    /// Of cells of one group, where that is fewer.
    package var groups: [Int: Int]
    /// After a failure, go on with the cells that do not depend on it.
    package var keepsGoing: Bool

    package init(lanes: Int, groups: [Int: Int] = [:], keepsGoing: Bool = false) {
      self.lanes = max(1, lanes)
      self.groups = groups.mapValues { max(1, $0) }
      self.keepsGoing = keepsGoing
    }
  }

  package let cells: [Cell]
  let limits: Limits
  /// The keys of a cell, given the digest of what every source holds. Pure.
  let keys: @Sendable (_ cell: Int, _ content: (Source) -> Digest?) throws -> Keys
  /// Who takes from a cell, one entry an edge.
  let edges: [[Edge]]

  struct Edge {
    let cell: Int
    let output: String
  }

  struct Repair: Hashable {
    let object: Digest
    let reader: Int
  }

  var progress: [Progress]
  var commands: [Command] = []
  /// The cell that computes a key.
  var owners: [Digest: Int] = [:]
  /// Cells that share blocks, by what they have in common.
  var claims: [Digest: [Int]] = [:]
  var ready = ReadyPieces()
  /// Cells with a key that are to be looked up, in order.
  var unresolved: Deque<Int> = []
  var lookingUp: Int?
  var running = 0
  var unfinished = 0
  var isStopping = false
  var isCancelled = false
  var hasEnded = false
  /// Damage that was met, each by its reader once.
  var repaired: Set<Repair> = []
  /// How many inputs of cells that have not ended hold an artifact.
  var users: [Digest: Int] = [:]

  package init(
    cells: [Cell], limits: Limits, keys: @escaping @Sendable (_ cell: Int, _ content: (Source) -> Digest?) throws -> Keys
  ) {
    self.cells = cells
    self.limits = limits
    self.keys = keys
    var edges = [[Edge]](repeating: [], count: cells.count)
    for (index, cell) in cells.enumerated() {
      for source in cell.sources where edges.indices.contains(source.cell) {
        edges[source.cell].append(Edge(cell: index, output: source.output))
      }
    }
    self.edges = edges
    progress = cells.map { _ in Progress() }
  }

  /// Takes an event in; the commands are to be carried out in order.
  package mutating func handle(_ event: Event) -> [Command] {
    commands = []
    switch event {
    case .begin: begin()
    case .lookedUp(let cell, let found):
      lookingUp = nil
      take(found, of: cell)
    case .ended(let piece, let verdict, let seconds): end(piece, verdict, seconds)
    case .cancelled: (isStopping, isCancelled) = (true, true)
    }
    dispatch()
    return commands
  }
}
