import Basics
package import PipelineLanguage
import StageSchema

/// How much of the machine a run may take, as `run: {lanes, memory}` of the file and of its stages says.
extension Plan {
  /// The plan on as many lanes as `memory` allows. Throws a `PlumbError` of kind `input` when one lane needs more.
  package func within(_ hints: RunHints, at place: String) throws -> Plan {
    guard let memory = hints.memory, cells.contains(where: \.hasWork) else { return self }
    return Plan(
      cells: cells, profile: profile,
      lanes: try Self.lanes(upTo: lanes, within: memory, at: place) { peakMemory(lanes: $0) }, stageLanes: stageLanes, refused: refused)
  }

  /// The plan with the lanes that each stage's own `run` allows it. Throws `DiagnosticsError` where a stage needs more memory on
  /// one lane than it may have.
  package func withinStages(_ fileHints: RunHints) throws -> Plan {
    var stageLanes: [String: Int] = [:]
    var notes: [Diagnostic] = []
    for (stage, cells) in Dictionary(grouping: cells, by: \.cell.stage).sorted(by: { $0.key < $1.key }) {
      guard let first = cells.first?.cell, first.hints != fileHints else { continue }
      // What the file says holds for all stages together, and a flag may have the last word over it.
      var allowed = first.hints.lanes != fileHints.lanes ? min(lanes, first.hints.lanes ?? lanes) : lanes
      if let memory = first.hints.memory, memory != fileHints.memory {
        let costs = cells.filter(\.hasWork).compactMap(\.cost)
        do {
          allowed = try Self.lanes(upTo: allowed, within: memory, at: stage) { costs.isEmpty ? 0 : Self.memory(of: costs, lanes: $0) }
        } catch let error as PlumbError {
          notes.append(
            Diagnostic(
              .refused, "stage \(stage): \(error.message); expected \(error.expected ?? ""), found \(error.found ?? "")",
              at: first.declaration.range))
        }
      }
      if allowed < lanes { stageLanes[stage] = allowed }
    }
    guard notes.isEmpty else { throw DiagnosticsError(notes) }
    return Plan(cells: cells, profile: profile, lanes: lanes, stageLanes: stageLanes, refused: refused)
  }

  private static func lanes(upTo most: Int, within memory: Int, at place: String, _ needed: (Int) -> Int) throws -> Int {
    for lanes in stride(from: most, through: 1, by: -1) where needed(lanes) <= memory { return lanes }
    throw PlumbError(
      "'memory' of 'run' allows less than one lane takes", kind: .input, at: place, expected: "at least \(mebibytes(needed(1)))",
      found: mebibytes(memory))
  }

  private static func mebibytes(_ bytes: Int) -> String { "\((bytes >> 20) + (bytes & (1 << 20 - 1) == 0 ? 0 : 1)) MiB" }
}
