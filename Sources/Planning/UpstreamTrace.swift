import ArtifactStore
import Basics
import PipelineLanguage
import Results
import StageSchema

/// Follows what differs upstream, to the first cells whose own identity is another one than in an earlier run.
struct UpstreamTrace {
  let plan: Plan
  let past: PastCells
  private var seen: Set<Int> = []

  init(plan: Plan, past: PastCells) {
    self.plan = plan
    self.past = past
  }

  /// What differs at the cell itself, then what differs in the cells it takes from. Each cell is told of once.
  mutating func differences(_ now: PlannedCell, _ before: PastCells.PastCell) -> [Explanation.Difference] {
    var found = IdentityComparison.differences(now, before.cell.identity)
    for input in now.cell.inputs { found += differences(input, of: now, before) }
    for port in Set(before.cell.inputs.keys).subtracting(now.cell.inputs.map(\.port)).sorted() {
      found.append(difference(now, "input \(port)", before: "connected", now: "absent", at: nil))
    }
    return found
  }

  private mutating func differences(
    _ input: CellInput, of now: PlannedCell, _ before: PastCells.PastCell
  ) -> [Explanation.Difference] {
    let place = now.cell.position(of: .input(input.port))
    guard let digests = before.cell.inputs[input.port] else {
      return [difference(now, "input \(input.port)", before: "absent", now: "connected", at: place)]
    }
    guard digests.count == input.sources.count else {
      return [
        difference(now, "input \(input.port)", before: "\(digests.count) cells", now: "\(input.sources.count) cells", at: place)
      ]
    }
    return zip(input.sources, digests).flatMap { source, digest -> [Explanation.Difference] in
      guard let upstream = plan.cell(source.cell) else { return [] }
      let content = upstream.result?.outputs[source.output]?.digest
      let producer = past.producer(of: digest, in: before.run)
      // Equal content, or the same computation that is only not in the store any more: no difference.
      guard content != digest, producer?.cell.recipeKey != upstream.recipeKey else { return [] }
      guard seen.insert(source.cell).inserted else { return [] }
      let deeper = producer.map { differences(upstream, $0) } ?? []
      guard deeper.isEmpty else { return deeper }
      return [
        difference(
          now, "input \(input.port)", before: digest.short,
          now: content.map(\.short) ?? "not computed yet (\(upstream.cell.name))", at: place)
      ]
    }
  }

  private func difference(_ cell: PlannedCell, _ what: String, before: String, now: String, at place: SourceRange?)
    -> Explanation.Difference
  {
    Explanation.Difference(cell: cell.cell.name, what: what, before: before, now: now, position: place, isDefault: false)
  }
}
