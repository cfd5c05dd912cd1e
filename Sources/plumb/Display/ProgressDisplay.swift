import Basics
import Execution
import Foundation
import Planning
import Synchronization

/// How a run shows its progress.
enum ProgressFormat: Sendable {
  /// One live line per running cell, redrawn in place.
  case live
  /// One line per event.
  case lines
  /// One JSON object per event and line, for machines.
  case json
}

/// Shows the events of a run on standard error as they come. Called from lanes and from the waiting thread alike.
final class ProgressDisplay: Sendable {
  private struct Running {
    let name: String
    let evaluations: Int
    let blocks: Int
    var blocksDone: Int
    /// How far its file has been fetched, in words, and in tenths of the whole.
    var fetched: String?
    var tenth = 0
    /// When its first evaluation was seen: a cell is announced before a lane takes it.
    var start: Date?
  }

  private struct State {
    var running: [Running] = []
    var drawnLines = 0
  }

  private let format: ProgressFormat
  private let indexByName: [String: Int]
  private let state = Mutex(State())

  init(format: ProgressFormat, plan: Plan) {
    self.format = format
    indexByName = Dictionary(plan.cells.enumerated().map { ($1.cell.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func handle(_ event: ExecutionEvent) {
    state.withLock { state in
      if format == .json {
        Output.standard.print(Self.json(event), pretty: false)
        return
      }
      erase(&state)
      switch event {
      case .started(let cell, let evaluations, let blocks, let blocksCached):
        state.running.append(
          Running(name: cell, evaluations: evaluations, blocks: blocks, blocksDone: blocksCached))
        if format == .lines && blocks > 0 {
          let cached = blocksCached > 0 ? ", \(blocksCached) in the store" : ""
          Output.messages.write("  start   \(cell)  (\(blocks) blocks\(cached))\n")
        }
      case .fetching(let cell, let received, let total):
        guard let index = state.running.firstIndex(where: { $0.name == cell }) else { break }
        let words = Quantities.fetched(received, of: total)
        state.running[index].fetched = received == total ? nil : words
        let tenth = total.map { $0 > 0 ? Int(10 * Double(received) / Double($0)) : 0 } ?? 0
        if format == .lines, tenth > state.running[index].tenth { Output.messages.write("  fetch   \(cell)  \(words)\n") }
        state.running[index].tenth = max(tenth, state.running[index].tenth)
      case .blockFinished(let cell, let done, _):
        if let index = state.running.firstIndex(where: { $0.name == cell }) { state.running[index].blocksDone = done }
      case .finished(let cell, let isComputed, let seconds):
        state.running.removeAll { $0.name == cell }
        Output.messages.write(isComputed ? "  done    \(cell)  \(Quantities.duration(seconds)) of lane time\n" : "  cached  \(cell)\n")
      case .repaired(let cell, let reason):
        Output.messages.write("  repair  \(cell)  \(reason)\n")
      case .noted(let cell, let note):
        Output.messages.write("  note    \(cell)  \(note)\n")
      case .failed(let cell, let error):
        state.running.removeAll { $0.name == cell }
        Output.messages.write("  failed  \(cell)  \(error)\n")
      }
    }
  }

  /// Redraws the live lines; a no-op for the other formats.
  func refresh(evaluationsDone: (Int) -> Int) {
    guard format == .live else { return }
    state.withLock { state in
      erase(&state)
      var lines: [String] = []
      for index in state.running.indices {
        if let fetched = state.running[index].fetched {
          lines.append("  fetching \(fetched)  \(state.running[index].name)")
          continue
        }
        guard let position = indexByName[state.running[index].name], case let done = evaluationsDone(position), done > 0 else { continue }
        let start = state.running[index].start ?? Date()
        state.running[index].start = start
        lines.append(Self.line(state.running[index], done: done, elapsed: Date().timeIntervalSince(start)))
      }
      guard !lines.isEmpty else { return }
      Output.messages.write(lines.map { $0 + "\n" }.joined())
      state.drawnLines = lines.count
    }
  }

  /// Removes the live lines, so that what is printed next stands alone.
  func end() {
    state.withLock { erase(&$0) }
  }

  private func erase(_ state: inout State) {
    guard state.drawnLines > 0 else { return }
    Output.messages.write("\u{1B}[\(state.drawnLines)A\u{1B}[J")
    state.drawnLines = 0
  }

  private static func line(_ running: Running, done: Int, elapsed: Double) -> String {
    let fraction = running.evaluations > 0 ? min(1, Double(done) / Double(running.evaluations)) : 1
    let rate = Double(done) / max(elapsed, 0.2)
    let width = 20
    let filled = Int(fraction * Double(width))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    var text = "  \(bar) \(Int(fraction * 100)) %  \(running.name)"
    if running.blocks > 0 { text += "  \(running.blocksDone)/\(running.blocks) blocks" }
    guard elapsed > 0.5 else { return text }
    let left = Double(max(0, running.evaluations - done)) / max(rate, 1e-9)
    return text + "  \(Quantities.count(Int(rate))) evaluations/s, \(Quantities.duration(left)) left"
  }

  private static func json(_ event: ExecutionEvent) -> JSONValue {
    switch event {
    case .started(let cell, let evaluations, let blocks, let cached):
      [
        "event": "started", "cell": .text(cell), "evaluations": JSONValue(evaluations), "blocks": JSONValue(blocks),
        "blocks_cached": JSONValue(cached),
      ]
    case .fetching(let cell, let received, let total):
      [
        "event": "fetching", "cell": .text(cell), "received": JSONValue(received), "total": total.map { JSONValue($0) } ?? .null,
      ]
    case .blockFinished(let cell, let done, let total):
      ["event": "block", "cell": .text(cell), "done": JSONValue(done), "blocks": JSONValue(total)]
    case .finished(let cell, let isComputed, let seconds):
      ["event": "finished", "cell": .text(cell), "computed": .bool(isComputed), "seconds": .number(seconds)]
    case .repaired(let cell, let reason):
      ["event": "repaired", "cell": .text(cell), "reason": .text(reason)]
    case .noted(let cell, let note):
      ["event": "note", "cell": .text(cell), "note": .text(note)]
    case .failed(let cell, let error):
      ["event": "failed", "cell": .text(cell), "error": .text(error.description)]
    }
  }
}
