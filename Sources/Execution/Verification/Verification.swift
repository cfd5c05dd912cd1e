import ArtifactStore
public import Basics
import Foundation
public import Planning
import StageRuntime
import StageSchema
import Synchronization

/// Recomputes what a run computed, all of it or a sample of its blocks, and compares with what is in the store: the same
/// to the bit, the same within a tolerance, or different from some sample and step on.
///
/// Every cell is fed with what the run fed it, so that a difference is named where it arises and not in all that follows. So
/// no cell waits for another; for the rest it is a run like any other, whose tasks compare instead of keeping.
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

  /// A cell of the run with the keys of its result and of what flowed in.
  private struct Known {
    let planned: PlannedCell
    let key: Digest
    let sources: [Digest]
    let blocks: (chosen: BlockSet, total: Int)?
  }

  /// - Parameters:
  ///   - cells: names of the cells to verify; nil for all of the plan.
  ///   - done: called after each piece with how many are done, of how many.
  /// - Returns: a verdict for each cell, in the order of the plan. Throws when interrupted.
  public func run(
    cells: Set<String>? = nil, cancellation: Cancellation, done: @escaping @Sendable (Int, Int) -> Void
  ) throws -> [CellVerdict] {
    var verdicts: [CellVerdict] = []
    var known: [Known] = []
    for (planned, found) in try self.known() where cells?.contains(planned.cell.name) ?? true {
      var verdict = CellVerdict(cell: planned.cell.name)
      if let found {
        known.append(found)
        verdict.blocks = found.blocks.map { ($0.chosen.count, $0.total) } ?? (0, 0)
      } else {
        verdict.outcome = .unknown("the run's result is not in the store")
      }
      verdicts.append(verdict)
    }
    let work = ComparingWork(self, pieces: known.reduce(0) { $0 + ($1.blocks?.chosen.count ?? 0) + 1 }, done: done)
    let endings = compare(known, work, cancellation)
    if cancellation.isRequested { throw PlumbError("interrupted", kind: .interrupted) }
    let places = Dictionary(verdicts.enumerated().map { ($1.cell, $0) }, uniquingKeysWith: { first, _ in first })
    for (name, comparisons) in work.comparisons {
      guard let place = places[name] else { continue }
      for found in comparisons.sorted(by: { $0.range?.lowerBound ?? .max < $1.range?.lowerBound ?? .max }) {
        verdicts[place].add(found.comparison, firstSample: found.range?.lowerBound, step: found.step, tolerance: options.tolerance)
      }
    }
    for (known, ending) in zip(known, endings) {
      guard let place = places[known.planned.cell.name], case .failed(let error) = ending else { continue }
      verdicts[place].outcome = .unknown("\(error)")
    }
    return verdicts
  }

  private func compare(_ known: [Known], _ work: ComparingWork, _ cancellation: Cancellation) -> [CellOutcome.Ending] {
    let store = workspace.store
    let groups = StageGroups(plan)
    let scheduler = Scheduler(
      cells: known.map { Scheduler.Cell(name: $0.planned.cell.name, group: groups.number(of: $0.planned)) },
      limits: .init(lanes: plan.lanes, groups: groups.limits, keepsGoing: true)
    ) { index, _ in
      // Two cells of one key are compared apart.
      let key = CanonicalValue.list([.integer(Int64(index))]).digest
      return Scheduler.Keys(result: key, blocks: key)
    }
    let loop = ExecutionLoop(
      runner: LaneRunner(
        lanes: plan.lanes, work: work, store: store, residents: Residents(on: workspace.catalogue.device), cancellation: cancellation),
      cancellation: cancellation,
      task: { piece, _ in
        let cell = known[piece.cell]
        return ExecutionTask(
          request: work.request, cell: cell.planned.cell.name, range: piece.range, key: cell.key, sources: cell.sources,
          files: cell.planned.identity.files)
      },
      lookUp: { index, _, _, _ in known[index].blocks.map { .blocks(total: $0.chosen.count, missing: $0.chosen) } ?? .nothing },
      report: { _ in }, counters: EvaluationCounters(count: known.count), idle: {})
    let ended = loop.run(scheduler)
    return known.indices.map { ended.ending($0).outcome }
  }

  /// Every cell, with what the run fed it where its result is in the store.
  private func known() throws -> [(PlannedCell, Known?)] {
    var results: [Int: (key: Digest, result: ResultManifest)] = [:]
    return try plan.cells.map { planned in
      let canonical = InputEncoding.canonical(planned.cell) { source in
        results[source.cell]?.result.outputs[source.output].map { .digest($0.digest) }
      }
      guard let key = canonical.map({ planned.identity.key(inputs: $0) }),
        let result = try workspace.store.lookup(ResultKey(semantic: key, profile: profile))
      else { return (planned, nil) }
      results[planned.cell.id] = (key, result)
      let blocks = (planned.stage as? any BlockedStage).map { stage in
        (chosen: options.blocksPerCell.map { stage.blocks.spread($0) } ?? stage.blocks, total: stage.blockCount)
      }
      let sources = planned.cell.inputs.flatMap(\.sources).compactMap { results[$0.cell]?.key }
      return (planned, Known(planned: planned, key: key, sources: sources, blocks: blocks))
    }
  }
}
