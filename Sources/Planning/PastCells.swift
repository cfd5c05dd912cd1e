import ArtifactStore
import Basics

/// Cells of earlier runs with everything that decided them, for explanations.
public struct PastCells: Sendable {
  public struct PastCell: Sendable {
    public let run: String
    public let profile: String
    public let name: String
    /// `CellIdentity.json`.
    public let identity: JSONValue
    public let recipe: String
    /// Digests by port, in gathered order.
    public let inputs: [String: [String]]
    public let outputs: [String: String]
  }

  /// Those that have a result, newest first.
  public let cells: [PastCell]
  private let producers: [String: [String: Int]]

  /// Reads the newest `limit` run records of a store; unreadable ones are left out.
  public init(store: ArtifactStore, limit: Int = 50) {
    var cells: [PastCell] = []
    var producers: [String: [String: Int]] = [:]
    for run in store.runs(newest: limit) {
      let id = run["id"]?.text ?? "?"
      for cell in run["cells"]?.list ?? [] {
        guard let identity = cell["identity"], let name = cell["name"]?.text, let outputs = cell["outputs"]?.object else { continue }
        let past = PastCell(
          run: id, profile: run["profile_digest"]?.text ?? "?", name: name, identity: identity, recipe: cell["recipe"]?.text ?? "",
          inputs: (cell["inputs"]?.object ?? [:]).mapValues { $0.list?.compactMap(\.text) ?? [] }, outputs: outputs.compactMapValues(\.text)
        )
        for digest in past.outputs.values { producers[id, default: [:]][digest] = cells.count }
        cells.append(past)
      }
    }
    self.cells = cells
    self.producers = producers
  }

  /// The cell of a run that made an artifact.
  func producer(of digest: String, in run: String) -> PastCell? { producers[run]?[digest].map { cells[$0] } }

  /// Cells of one stage kind, each computation once.
  func candidates(stage: String) -> [PastCell] {
    struct Computation: Hashable {
      let identity: JSONValue
      let inputs: [String: [String]]
      let profile: String
    }
    var seen: Set<Computation> = []
    return cells.filter { cell in
      cell.identity["stage"]?.text == stage
        && seen.insert(Computation(identity: cell.identity, inputs: cell.inputs, profile: cell.profile)).inserted
    }
  }
}
