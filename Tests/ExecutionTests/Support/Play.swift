import ArtifactStore
import Basics
import Execution
import StageSchema

/// A scheduler with its commands written as short texts: `look up b`, `start a 0-4`, `finished a`.
///
/// Cells are written `name: input input`. Those whose names begin with the same capital letter have one key; those whose names
/// end in the same digit share blocks; `name/group` puts one into a group of its own.
struct Play {
  private var scheduler: Scheduler
  private let names: [String]
  private let positions: [String: Int]
  private var pieces: [String: Scheduler.Piece] = [:]
  /// The piece started last that has not ended.
  private(set) var running: String?

  init(_ cells: [String], known: Set<String> = [], lanes: Int = 1, groups: [Int: Int] = [:], keepsGoing: Bool = false) {
    let written = cells.map { $0.split(separator: ":").map(String.init) }
    let names = written.map { $0[0] }
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let scheduled = zip(names, written).map { name, parts in
      let inputs = parts.count > 1 ? parts[1].split(separator: " ").map(String.init) : []
      return Scheduler.Cell(
        name: name, group: name.contains("/") ? 1 : 0, sources: inputs.map { .init(cell: positions[$0] ?? 0, output: "out") },
        known: known.contains(name) ? .init(keys: Self.keys(name), result: Self.result(name)) : nil)
    }
    (self.names, self.positions) = (names, positions)
    scheduler = Scheduler(cells: scheduled, limits: .init(lanes: lanes, groups: groups, keepsGoing: keepsGoing)) { index, _ in
      Self.keys(names[index])
    }
  }

  private static func keys(_ name: String) -> Scheduler.Keys {
    let isTwin = name.first?.isUppercase == true
    let blocks = name.last?.isNumber == true && !isTwin ? "blocks \(name.suffix(1))" : "blocks \(name)"
    return Scheduler.Keys(result: Digest(of: isTwin ? String(name.prefix(1)) : name), blocks: Digest(of: blocks))
  }

  /// A result with one object, named after the cell.
  static func result(_ name: String) -> ResultManifest {
    let part = Artifact.Part(name: "data", object: ObjectRef(digest: Digest(of: "object " + name), length: 1))
    return ResultManifest(
      stage: "toy", version: 1, ownKey: Digest(of: name), outputs: ["out": Artifact(type: "toy", parts: [part], facts: .text(name))])
  }

  static func blocks(_ samples: Int) -> BlockSet { BlockSet(of: 0..<samples, blockSize: 4) }

  var endings: [String] {
    names.indices.map { index in
      switch scheduler.ending(index).outcome {
      case .cached: "cached"
      case .computed: "computed"
      case .failed: "failed"
      case .skipped: "skipped"
      }
    }
  }

  mutating func begin() -> [String] { words(scheduler.handle(.begin)) }
  mutating func cancel() -> [String] { words(scheduler.handle(.cancelled)) }

  mutating func found(_ cell: String, _ found: Scheduler.Found) -> [String] {
    words(scheduler.handle(.lookedUp(cell: positions[cell] ?? 0, found)))
  }

  /// `piece`: `a` for the completion, `a 0-4` for a block.
  mutating func ended(_ piece: String, _ verdict: Verdict? = nil) -> [String] {
    guard let started = pieces.removeValue(forKey: piece) else { return ["\(piece) was not started"] }
    if running == piece { running = pieces.keys.first }
    let usual = started.range == nil ? Verdict.result(Self.result(names[started.cell]), isComputed: true) : .block(isComputed: true)
    return words(scheduler.handle(.ended(started, verdict ?? usual, seconds: 1)))
  }

  mutating func failed(_ piece: String, kind: PlumbError.Kind = .failure) -> [String] {
    ended(piece, .failed(PlumbError("it failed", kind: kind)))
  }

  mutating func damaged(_ piece: String, object name: String) -> [String] {
    let hex = Digest(of: "object " + name).hex
    return ended(piece, .failed(PlumbError("damaged", kind: .damagedObject, at: "/store/objects/\(hex.prefix(2))/\(hex.dropFirst(2))")))
  }

  private mutating func words(_ commands: [Scheduler.Command]) -> [String] {
    commands.compactMap { command in
      switch command {
      case .lookUp(let cell, _, let isAfresh): return "look up \(names[cell])" + (isAfresh ? " afresh" : "")
      case .start(let piece):
        let name = names[piece.cell] + (piece.range.map { " \($0.lowerBound)-\($0.upperBound)" } ?? "")
        pieces[name] = piece
        running = name
        return "start \(name)"
      case .letGo(let artifacts):
        let held = names.filter { name in Self.result(name).outputs.values.contains { artifacts.contains($0.digest) } }
        return "let go of \(held.joined(separator: ", "))"
      case .end: return "end"
      case .tell(let event):
        switch event {
        case .started, .fetching: return nil
        case .blockFinished(let cell, let done, let total): return "block \(done)/\(total) of \(cell)"
        case .finished(let cell, let isComputed, _): return (isComputed ? "finished " : "cached ") + cell
        case .repaired(let cell, _): return "repaired \(cell)"
        case .noted(let cell, _): return "noted \(cell)"
        case .failed(let cell, _): return "failed \(cell)"
        }
      }
    }
  }
}
