import ArtifactStore
import Basics
import StageSchema

/// What becomes of cells.
extension Scheduler {
  mutating func begin() {
    for (index, cell) in cells.enumerated() {
      guard let known = cell.known else {
        unfinished += 1
        continue
      }
      progress[index].phase = .cached
      progress[index].keys = known.keys
      progress[index].result = known.result
    }
    for index in cells.indices where !progress[index].hasEnded {
      progress[index].waitsFor = cells[index].sources.count { !progress[$0.cell].hasResult }
    }
    for index in cells.indices where progress[index].hasResult { register(index) }
    for index in cells.indices where progress[index].phase == .waiting && progress[index].waitsFor == 0 { resolve(index) }
  }

  /// Gives a cell its key, now that its inputs are there.
  mutating func resolve(_ index: Int) {
    do {
      let keys = try self.keys(index) { progress[$0.cell].contents[$0.output] }
      progress[index].keys = keys
      guard let owner = owners[keys.result], owner != index else {
        owners[keys.result] = index
        progress[index].phase = .unresolved
        unresolved.append(index)
        return
      }
      progress[index].phase = .twin
      switch progress[owner].phase {
      case .cached, .computed: finish(index, progress[owner].result, isComputed: false)
      case .failed: fail(index, progress[owner].error ?? PlumbError("the cell of the same key failed"))
      default: progress[owner].twins.append(index)
      }
    } catch {
      fail(index, PlumbError(wrapping: error))
    }
  }

  mutating func take(_ found: Found, of index: Int) {
    guard progress[index].phase == .unresolved else { return }
    progress[index].phase = .running
    switch found {
    case .result(let result): finish(index, result, isComputed: false)
    case .failed(let error): reject(index, error)
    case .nothing:
      commands.append(.tell(.started(cell: cells[index].name, evaluations: cells[index].evaluations, blocks: 0, blocksCached: 0)))
      ready.addCompletion(of: index, group: cells[index].group)
    case .blocks(let total, let missing): start(index, total: total, missing: missing)
    }
  }

  private mutating func start(_ index: Int, total: Int, missing: BlockSet) {
    progress[index].total = total
    progress[index].blocksDone = total - missing.count
    commands.append(
      .tell(
        .started(
          cell: cells[index].name, evaluations: missing.samples.clampedTimes(cells[index].evaluations), blocks: total,
          blocksCached: total - missing.count)))
    var own = missing
    var shared = missing.none
    if let base = progress[index].keys?.blocks {
      for other in claims[base] ?? [] where other != index && !progress[other].hasEnded {
        guard let theirs = progress[other].toDo else { continue }
        let both = own.intersection(theirs)
        guard !both.isEmpty else { continue }
        own = own.subtracting(both)
        shared.formUnion(both)
        progress[index].sharers += 1
        progress[other].followers.append(index)
      }
      claims[base, default: []].removeAll { progress[$0].hasEnded || $0 == index }
      claims[base, default: []].append(index)
    }
    progress[index].toDo = own
    progress[index].shared = shared
    if missing.isEmpty {
      ready.addCompletion(of: index, group: cells[index].group)
    } else {
      ready.add(own, of: index, group: cells[index].group)
    }
  }

  /// Records a result, and moves those that waited for it.
  mutating func finish(_ index: Int, _ result: ResultManifest?, isComputed: Bool) {
    progress[index].phase = isComputed ? .computed : .cached
    progress[index].result = result
    unfinished -= 1
    commands.append(.tell(.finished(cell: cells[index].name, isComputed: isComputed, seconds: progress[index].seconds)))
    register(index)
    conclude(index)
    for twin in progress[index].twins.taken() where progress[twin].phase == .twin { finish(twin, result, isComputed: false) }
    for edge in edges[index] where progress[edge.cell].phase == .waiting {
      progress[edge.cell].waitsFor -= 1
      if progress[edge.cell].waitsFor == 0 { resolve(edge.cell) }
    }
  }

  /// Ends a cell without a result, and all that need it.
  mutating func fail(_ index: Int, _ error: PlumbError) {
    guard !progress[index].hasEnded else { return }
    progress[index].phase = .failed
    progress[index].error = error
    unfinished -= 1
    if !limits.keepsGoing { isStopping = true }
    commands.append(.tell(.failed(cell: cells[index].name, error: error)))
    conclude(index)
    for twin in progress[index].twins.taken() where progress[twin].phase == .twin { fail(twin, error) }
    var unreachable = edges[index].map(\.cell)
    while let next = unreachable.popLast() {
      guard progress[next].phase == .waiting else { continue }
      progress[next].phase = .skipped
      unfinished -= 1
      conclude(next)
      unreachable += edges[next].map(\.cell)
    }
  }

  /// What a cell leaves when it ends, however it does: its inputs are not needed, and who waited for its blocks asks for them.
  private mutating func conclude(_ index: Int) {
    ready.remove(index)
    progress[index].toDo = nil
    progress[index].shared = nil
    release(index)
    releaseFollowers(of: index)
  }

  /// Who waited for blocks of a cell asks for them itself.
  mutating func releaseFollowers(of index: Int) {
    for follower in progress[index].followers.taken() where progress[follower].phase == .running {
      progress[follower].sharers -= 1
      guard progress[follower].sharers == 0, let shared = progress[follower].shared else { continue }
      progress[follower].shared = shared.none
      progress[follower].toDo?.formUnion(shared)
      ready.add(shared, of: follower, group: cells[follower].group)
    }
  }

  /// Notes who still needs the outputs of a cell that has just come to a result.
  private mutating func register(_ index: Int) {
    let open = edges[index].filter { !progress[$0.cell].hasEnded }
    guard !open.isEmpty else { return }
    progress[index].contents = progress[index].result?.outputs.mapValues(\.digest) ?? [:]
    for edge in open {
      if let digest = progress[index].contents[edge.output] { users[digest, default: 0] += 1 }
    }
  }

  /// The opposite, for a cell whose result has to be computed anew.
  mutating func unregister(_ index: Int) {
    for edge in edges[index] where !progress[edge.cell].hasEnded {
      if let digest = progress[index].contents[edge.output] { users[digest, default: 1] -= 1 }
    }
    progress[index].contents = [:]
  }

  private mutating func release(_ index: Int) {
    var unused: Set<Digest> = []
    for source in cells[index].sources {
      guard let digest = progress[source.cell].contents[source.output], let count = users[digest] else { continue }
      users[digest] = count > 1 ? count - 1 : nil
      if count == 1 { unused.insert(digest) }
    }
    if !unused.isEmpty { commands.append(.letGo(unused)) }
  }
}

extension Array {
  /// All elements; the array is then empty.
  fileprivate mutating func taken() -> [Element] {
    defer { self = [] }
    return self
  }
}
