package import ArtifactStore
package import Basics
package import Planning
package import StageRuntime
import StageSchema
import Synchronization

/// Computes tasks of a plan from a store, and keeps what came out under the task's key.
package final class CellWork: TaskWork {
  /// A cell with what flows into it.
  package struct Prepared: Sendable {
    package let planned: PlannedCell
    package let inputs: StageInputs
    /// How the inputs enter keys.
    package let canonical: CanonicalValue
  }

  private struct Memory {
    /// Results that flowed into a task, by key.
    var results: [Digest: ResultManifest] = [:]
    /// Cells that tasks were of, newest last.
    var prepared: [(key: Digest, cell: Prepared)] = []
  }

  private let plan: Plan
  private let store: ArtifactStore
  private let profile: Digest
  private let request: Digest
  private let positions: [String: Int]
  private let memory = Mutex(Memory())

  /// - Parameters:
  ///   - request: the digest of what was asked; tasks of another request are refused.
  ///   - profile: the numerics profile under which results are kept.
  package init(plan: Plan, store: ArtifactStore, profile: Digest, request: Digest) {
    (self.plan, self.store, self.profile, self.request) = (plan, store, profile, request)
    positions = Dictionary(plan.cells.enumerated().map { ($1.cell.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package func perform(_ task: ExecutionTask, in context: StageContext) throws -> Verdict {
    let cell = try prepare(task)
    if let range = task.range { return try perform(block: range, of: cell, isForced: task.isForced, in: context) }
    return try complete(cell, key: task.key, isForced: task.isForced, in: context)
  }

  private func perform(block range: Range<Int>, of cell: Prepared, isForced: Bool, in context: StageContext) throws -> Verdict {
    let identity = cell.planned.identity
    guard let stage = cell.planned.stage as? any BlockedStage else { throw PlumbError("\(identity.stage) has no blocks") }
    let key = ResultKey(semantic: identity.blockKey(range, inputs: cell.canonical), profile: profile)
    // Somebody else may have computed it since this cell was looked up.
    if !isForced, try store.contains(key) { return .block(isComputed: false) }
    var objects: [String: ObjectRef] = [:]
    for (name, bytes) in try context.timed({ try stage.runBlock(range, cell.inputs, in: context) }) { objects[name] = try store.put(bytes) }
    let note = try publish(ResultManifest(block: FinishedBlock(range: range, objects: objects), identity: identity), as: key, of: cell)
    return .block(isComputed: true, note: note)
  }

  private func complete(_ cell: Prepared, key: Digest, isForced: Bool, in context: StageContext) throws -> Verdict {
    let identity = cell.planned.identity
    let key = ResultKey(semantic: key, profile: profile)
    if !isForced, let result = try store.lookup(key) { return .result(result, isComputed: false) }
    let outputs: [String: Artifact]
    switch cell.planned.stage {
    case let stage as any BlockedStage:
      let blocks = try blocks(of: stage, cell)
      outputs = try context.timed { try stage.merge(blocks, cell.inputs, in: context) }
    case let stage as any WholeStage: outputs = try context.timed { try stage.run(cell.inputs, in: context) }
    default: throw PlumbError("\(identity.stage) is neither a whole nor a blocked stage")
    }
    for port in cell.planned.cell.descriptor.outputs where outputs[port.name] == nil && !port.isOptional {
      throw PlumbError("\(identity.stage) made no output \"\(port.name)\"")
    }
    let manifest = ResultManifest(outputs: outputs, identity: identity)
    let note = try publish(manifest, as: key, of: cell)
    return .result(manifest, isComputed: true, note: note)
  }

  /// All blocks of a cell, as the store has them.
  package func blocks(of stage: any BlockedStage, _ cell: Prepared) throws -> [FinishedBlock] {
    try stage.blocks.ranges.map { range in
      guard let block = try block(range, of: cell) else {
        throw PlumbError("block \(range.lowerBound)-\(range.upperBound) is not in the store", at: cell.planned.cell.name)
      }
      return block
    }
  }

  /// A block as the store has it; its objects are looked at when they are read.
  package func block(_ range: Range<Int>, of cell: Prepared) throws -> FinishedBlock? {
    let key = ResultKey(semantic: cell.planned.identity.blockKey(range, inputs: cell.canonical), profile: profile)
    return try store.recorded(key)?.finishedBlock(range)
  }

  /// What a person should know of it; nil when nothing.
  private func publish(_ manifest: ResultManifest, as key: ResultKey, of cell: Prepared) throws -> String? {
    switch try store.publish(manifest, as: key) {
    case .published, .alreadyThere: return nil
    case .replaced(let lost):
      return "computed again it gave other bytes than before (\(lost.digest.short) was recorded, \(manifest.digest.short) came out): "
        + "\(cell.planned.identity.stage) is not deterministic, or its version was not bumped"
    case .conflict(let existing):
      throw PlumbError(
        "the same key gave other bytes than before: a stage is not deterministic, or its version was not bumped",
        at: cell.planned.cell.name,
        expected: existing.digest.short, found: manifest.digest.short)
    }
  }

  /// The cell of a task with its inputs. Throws when the task is of another plan: another request, key or file.
  package func prepare(_ task: ExecutionTask) throws -> Prepared {
    if let known = memory.withLock({ $0.prepared.last { $0.key == task.key && $0.cell.planned.cell.name == task.cell } }) {
      return known.cell
    }
    guard task.request == request, let planned = positions[task.cell].map({ plan.cells[$0] }) else {
      throw PlumbError("the task is of another request", at: task.cell, expected: request.short, found: task.request.short)
    }
    for (name, digest) in task.files.sorted(by: { $0.key < $1.key }) where planned.identity.files[name] != digest {
      throw PlumbError(
        "a file is another one than when the run was planned", at: "\(task.cell): \(name)", expected: "sha256 \(digest.hex)",
        found: planned.identity.files[name]?.hex ?? "no such file")
    }
    var flowing = try flowing(into: planned, of: task)
    if flowing.key != task.key {
      // What is remembered of a result is out of date once it was lost and computed again with other bytes.
      memory.withLock { memory in for key in task.sources { memory.results[key] = nil } }
      flowing = try self.flowing(into: planned, of: task)
    }
    guard flowing.key == task.key else {
      throw PlumbError("the task is of another pipeline", at: task.cell, expected: "key \(task.key.short)", found: flowing.key.short)
    }
    let cell = Prepared(planned: planned, inputs: try StageInputs(of: planned) { flowing.artifacts[$0] }, canonical: flowing.canonical)
    memory.withLock { memory in
      // As many as lanes can be at work on.
      if memory.prepared.count >= 64 { memory.prepared.removeFirst() }
      memory.prepared.append((task.key, cell))
    }
    return cell
  }

  private struct Flowing {
    let artifacts: [CellSource: Artifact]
    let canonical: CanonicalValue
    /// The key of the cell that these flow into.
    let key: Digest
  }

  private func flowing(into planned: PlannedCell, of task: ExecutionTask) throws -> Flowing {
    let sources = planned.cell.inputs.flatMap(\.sources)
    guard sources.count == task.sources.count else {
      throw PlumbError(
        "the task is of another pipeline", at: task.cell, expected: "\(sources.count) inputs", found: "\(task.sources.count)")
    }
    var artifacts: [CellSource: Artifact] = [:]
    for (source, key) in zip(sources, task.sources) { artifacts[source] = try result(key)?.outputs[source.output] }
    guard let canonical = InputEncoding.canonical(planned.cell, value: { artifacts[$0].map { .digest($0.digest) } }) else {
      throw PlumbError("an input of the task has no result in the store", at: task.cell)
    }
    return Flowing(artifacts: artifacts, canonical: canonical, key: planned.identity.key(inputs: canonical))
  }

  /// A result that flows in. Whether its objects are there shows when they are read.
  private func result(_ key: Digest) throws -> ResultManifest? {
    if let known = memory.withLock({ $0.results[key] }) { return known }
    guard let result = try store.recorded(ResultKey(semantic: key, profile: profile)) else { return nil }
    memory.withLock { memory in
      if memory.results.count >= 4096 { memory.results.removeAll() }
      memory.results[key] = result
    }
    return result
  }
}
