import ArtifactStore
import Basics

/// What becomes of a run when an object turns out damaged: the store has set it aside, whoever made it runs again, and who
/// read it starts over.
extension Scheduler {
  mutating func repair(_ cell: Int, after error: PlumbError) {
    guard let object = error.place.flatMap({ ArtifactStore.object(at: $0) }), let maker = maker(of: object, for: cell) else {
      fail(cell, error)
      return
    }
    guard repaired.insert(Repair(object: object, reader: cell)).inserted else {
      var failure = error
      failure.message += ", again, after it was computed anew: is the disk failing?"
      failure.kind = .failure
      fail(cell, failure)
      return
    }
    commands.append(.tell(.repaired(cell: cells[cell].name, reason: error.description)))
    if maker != cell, progress[maker].hasEnded { reopen(maker, for: object) }
    if progress[cell].phase != .waiting { restart(cell) }
  }

  /// The cell whose result names an object that another cell read: one it takes from, or itself, whose blocks it merged. A
  /// result under repair is taken back, and what it named is remembered.
  private func maker(of object: Digest, for cell: Int) -> Int? {
    let source = cells[cell].sources.first { source in
      progress[source.cell].reopenedFor.contains(object)
        || progress[source.cell].result?.objects.contains { $0.digest == object } ?? false
    }
    return source?.cell ?? (progress[cell].total > 0 ? cell : nil)
  }

  /// Takes back the result of a cell; who reads it waits for it again, whatever it is at.
  private mutating func reopen(_ cell: Int, for object: Digest) {
    unregister(cell)
    // It runs itself, also where its result was a twin's; but what the twin is at again, it waits for.
    if let key = progress[cell].keys?.result, let owner = owners[key], progress[owner].hasEnded { owners[key] = nil }
    unfinished += 1
    progress[cell].result = nil
    progress[cell].reopenedFor.insert(object)
    progress[cell].phase = .waiting
    for reader in Set(edges[cell].map(\.cell)).sorted() {
      switch progress[reader].phase {
      case .waiting: progress[reader].waitsFor += edges[cell].count { $0.cell == reader }
      case .unresolved, .twin, .running: restart(reader)
      case .cached, .computed, .failed, .skipped: break
      }
    }
    // It needs its inputs again.
    for source in cells[cell].sources where progress[source.cell].hasResult {
      if progress[source.cell].contents.isEmpty {
        progress[source.cell].contents = progress[source.cell].result?.outputs.mapValues(\.digest) ?? [:]
      }
      if let digest = progress[source.cell].contents[source.output] { users[digest, default: 0] += 1 }
    }
    startOver(cell)
  }

  /// Forgets what a cell has done; its blocks are in the store.
  private mutating func restart(_ cell: Int) {
    if let key = progress[cell].keys?.result, owners[key] == cell { owners[key] = nil }
    for other in progress[cell].keys.flatMap({ claims[$0.blocks] }) ?? [] { progress[other].followers.removeAll { $0 == cell } }
    let twins = progress[cell].twins.filter { progress[$0].phase == .twin }
    progress[cell].twins = []
    startOver(cell)
    releaseFollowers(of: cell)
    for twin in twins { startOver(twin) }
  }

  private mutating func startOver(_ cell: Int) {
    ready.remove(cell)
    progress[cell].epoch += 1
    progress[cell].phase = .waiting
    progress[cell].isAfresh = true
    progress[cell].toDo = nil
    progress[cell].shared = nil
    progress[cell].sharers = 0
    progress[cell].waitsFor = cells[cell].sources.count { !progress[$0.cell].hasResult }
    if progress[cell].waitsFor == 0 { resolve(cell) }
  }
}
