import ArtifactStore
import Basics
import Foundation
import Planning
import StageRuntime
import Synchronization

/// Recomputes what a run computed, all of it or a sample of its blocks, and compares with what is in the store: the same
/// to the bit, the same within a tolerance, or different from some sample and step on.
///
/// Every cell is fed with what the run fed it, so that a difference is named where it arises and not in all that follows.
public struct Verification: Sendable {
  public struct Options: Sendable {
    /// Blocks to recompute of every cell, spread evenly; nil for all of them.
    public var blocksPerCell: Int?
    /// Differences to the largest magnitude of a tensor that still count as equal; bytes of pictures may differ by one.
    public var tolerance: Double

    public init(blocksPerCell: Int? = nil, tolerance: Double) {
      (self.blocksPerCell, self.tolerance) = (blocksPerCell, tolerance)
    }
  }

  public let workspace: Workspace
  public let plan: Plan
  /// The numerics profile of the run, under which its results are kept.
  public let profile: Digest
  public let options: Options

  public init(workspace: Workspace, plan: Plan, profile: Digest, options: Options) {
    (self.workspace, self.plan, self.profile, self.options) = (workspace, plan, profile, options)
  }

  /// A cell, what the run fed it and what came out then.
  private struct Known {
    let planned: PlannedCell
    let inputs: StageInputs
    let canonical: CanonicalValue
    let result: ResultManifest?
  }

  /// Something to recompute.
  private struct Work: Sendable {
    let position: Int
    /// nil for the outputs of the cell.
    let range: Range<Int>?
  }

  /// - Parameters:
  ///   - cells: names of the cells to verify; nil for all of the plan.
  ///   - done: called after each piece with how many are done, of how many; from any thread.
  /// - Returns: a verdict for each cell, in the order of the plan. Throws when interrupted.
  public func run(
    cells: Set<String>? = nil, cancellation: Cancellation, done: @escaping @Sendable (Int, Int) -> Void
  ) throws -> [CellVerdict] {
    let known = try self.known()
    var verdicts: [CellVerdict] = []
    var work: [Work] = []
    for (position, cell) in known.enumerated() where cells?.contains(cell.planned.cell.name) ?? true {
      var verdict = CellVerdict(cell: cell.planned.cell.name)
      if cell.result == nil {
        verdict.outcome = .unknown("the run's result is not in the store")
      } else if let blocked = cell.planned.stage as? any BlockedStage {
        let chosen = Self.sample(blocked.blockRanges, options.blocksPerCell)
        verdict.blocks = (chosen.count, blocked.blockRanges.count)
        work += chosen.map { Work(position: position, range: $0) } + [Work(position: position, range: nil)]
      } else {
        work.append(Work(position: position, range: nil))
      }
      verdicts.append(verdict)
    }
    let results = try perform(work, known, cancellation, done)
    let places = Dictionary(uniqueKeysWithValues: verdicts.enumerated().map { ($1.cell, $0) })
    for (work, outcome) in zip(work, results) {
      guard let place = places[known[work.position].planned.cell.name] else { continue }
      switch outcome {
      case .success(let (comparison, step)):
        verdicts[place].add(comparison, firstSample: work.range?.lowerBound, step: step, tolerance: options.tolerance)
      case .failure(let error): verdicts[place].outcome = .unknown("\(error)")
      case nil: break
      }
    }
    return verdicts
  }

  /// Every cell with the inputs and the result it had in the run.
  private func known() throws -> [Known] {
    var results: [Int: ResultManifest] = [:]
    return try plan.cells.compactMap { planned in
      func artifact(_ source: CellSource) -> Artifact? { results[source.cell]?.outputs[source.output] }
      guard let canonical = InputEncoding.canonical(planned.cell, value: { artifact($0).map { .digest($0.digest) } }) else {
        return Known(planned: planned, inputs: StageInputs([:]), canonical: .null, result: nil)
      }
      let key = planned.identity.key(inputs: canonical)
      let result = try workspace.store.lookup(ResultKey(semantic: key, profile: profile))
      results[planned.cell.id] = result
      return Known(
        planned: planned, inputs: try StageInputs(of: planned, artifact: artifact), canonical: canonical, result: result)
    }
  }

  /// `count` ranges spread evenly, the first and the last among them.
  static func sample(_ ranges: [Range<Int>], _ count: Int?) -> [Range<Int>] {
    guard let count, count < ranges.count else { return ranges }
    guard count > 1 else { return Array(ranges.prefix(count)) }
    return (0..<count).map { ranges[$0 * (ranges.count - 1) / (count - 1)] }
  }

  private typealias Compared = Result<(ObjectComparison, step: Int?), any Error>

  /// Does the work on as many threads as there are lanes.
  private func perform(
    _ work: [Work], _ known: [Known], _ cancellation: Cancellation, _ done: @escaping @Sendable (Int, Int) -> Void
  ) throws -> [Compared?] {
    let shared = Mutex<(next: Int, finished: Int, results: [Compared?])>((0, 0, Array(repeating: nil, count: work.count)))
    let residents = Residents(on: workspace.catalogue.device)
    let ended = DispatchSemaphore(value: 0)
    let cells = UncheckedCells(known: known)
    for _ in 0..<workspace.lanes {
      let thread = Thread {
        let context = StageContext(
          store: workspace.store, residents: residents, isCancelled: { cancellation.isRequested }, advanced: { _ in })
        while !cancellation.isRequested {
          let next = shared.withLock { state -> Int? in
            guard state.next < work.count else { return nil }
            defer { state.next += 1 }
            return state.next
          }
          guard let next else { break }
          let outcome = Compared { try compare(work[next], cells.known[work[next].position], in: context) }
          let finished = shared.withLock { state in
            state.results[next] = outcome
            state.finished += 1
            return state.finished
          }
          done(finished, work.count)
        }
        ended.signal()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    for _ in 0..<workspace.lanes { ended.wait() }
    if cancellation.isRequested { throw PlumbError("interrupted", kind: .interrupted) }
    return shared.withLock { $0.results }
  }

  /// Read by several threads, changed by none.
  private struct UncheckedCells: @unchecked Sendable {
    let known: [Known]
  }

  private func compare(_ work: Work, _ cell: Known, in context: StageContext) throws -> (ObjectComparison, step: Int?) {
    guard let range = work.range, let stage = cell.planned.stage as? any BlockedStage else {
      return (try compareOutputs(cell, in: context), nil)
    }
    let key = ResultKey(semantic: cell.planned.identity.blockKey(range, inputs: cell.canonical), profile: profile)
    guard let block = try workspace.store.lookup(key)?.finishedBlock(range) else {
      throw PlumbError("block \(range.lowerBound)-\(range.upperBound) of the run is not in the store")
    }
    let expected = try block.objects.mapValues { try workspace.store.read($0) }
    let found = try stage.runBlock(range, cell.inputs, in: context)
    var comparison = ObjectComparison()
    for name in Set(expected.keys).union(found.keys).sorted() {
      comparison.merge(
        ObjectComparison(
          name, expected: expected[name] ?? [], found: found[name] ?? [], tolerance: options.tolerance, samples: range.count))
    }
    let isOff = !comparison.isWithin(options.tolerance)
    return (comparison, isOff ? try stage.partingStep(expected, found, tolerance: options.tolerance) : nil)
  }

  /// The outputs, from the blocks of the run where there are blocks.
  private func compareOutputs(_ cell: Known, in context: StageContext) throws -> ObjectComparison {
    let found: [String: Artifact]
    switch cell.planned.stage {
    case let stage as any BlockedStage:
      let blocks = try stage.blockRanges.map { range in
        let key = ResultKey(semantic: cell.planned.identity.blockKey(range, inputs: cell.canonical), profile: profile)
        guard let block = try workspace.store.lookup(key)?.finishedBlock(range) else {
          throw PlumbError("block \(range.lowerBound)-\(range.upperBound) of the run is not in the store")
        }
        return block
      }
      found = try stage.merge(blocks, cell.inputs, in: context)
    case let stage as any WholeStage: found = try stage.run(cell.inputs, in: context)
    default: throw PlumbError("\(cell.planned.identity.stage) is neither a whole nor a blocked stage")
    }
    var comparison = ObjectComparison()
    for (port, artifact) in (cell.result?.outputs ?? [:]).sorted(by: { $0.key < $1.key }) where artifact.digest != found[port]?.digest {
      comparison.merge(try compare(port, artifact, found[port], in: context))
    }
    return comparison
  }

  private func compare(_ port: String, _ expected: Artifact, _ found: Artifact?, in context: StageContext) throws -> ObjectComparison {
    var comparison = ObjectComparison(
      port, expected: expected.facts.encoded(), found: found?.facts.encoded() ?? [], tolerance: options.tolerance)
    comparison.isEqual = false
    for part in expected.parts {
      let bytes = try workspace.store.read(part.object)
      let other = try found.map { try context.store.read($0.part(part.name)) } ?? []
      comparison.merge(ObjectComparison("\(port) \(part.name)", expected: bytes, found: other, tolerance: options.tolerance))
    }
    return comparison
  }
}
