import Basics
import StageSchema

/// What a run holds in memory at its peak.
extension Plan {
  /// Peak memory of the run on so many lanes: the process itself, the networks that are in use together (a network is let go
  /// of when nothing still to run needs it), an arena and working buffers per lane, and the largest merge.
  public func peakMemory(lanes: Int) -> Int {
    let working = cells.filter(\.hasWork)
    let costs = working.compactMap(\.cost)
    let users = Dictionary(
      grouping: working.flatMap { cell in (cell.cost?.networks ?? []).map { (network: $0, cell: cell.cell.id) } }, by: \.network
    ).map { (network: $0.key, cells: Set($0.value.map(\.cell))) }
    let weights = users.map { Self.sum([$0.network.weightBytes, lanes.clampedTimes($0.network.arenaBytes)]) }
    let networks = Self.heaviest(weights, precedes: precedence(of: users.map(\.cells)))
    let laneBytes = costs.map(\.laneBytes).max() ?? 0
    return Self.sum([Self.processBytes, networks, lanes.clampedTimes(laneBytes), costs.map(\.sharedBytes).max() ?? 0])
  }

  /// Peak memory of the run on the plan's lanes.
  public var peakMemory: Int { peakMemory(lanes: lanes) }

  /// Whether all users of one network come before all users of another, whatever the order in which a run takes them: each of
  /// the later ones needs each of the earlier ones.
  private func precedence(of users: [Set<Int>]) -> [[Bool]] {
    var precedes = users.map { _ in users.map { _ in false } }
    guard users.count > 1 else { return precedes }
    // What each cell needs of every network's users, counted upwards; more than this many users are taken as used throughout.
    let few = users.map { $0.count <= 64 ? $0 : [] }
    let bits = few.map { Dictionary(uniqueKeysWithValues: $0.sorted().enumerated().map { ($1, UInt64(1) << UInt64($0)) }) }
    var needed: [Int: [UInt64]] = [:]
    for cell in cells {
      var own = few.map { _ in UInt64(0) }
      for source in cell.cell.inputs.flatMap(\.sources) {
        guard let below = needed[source.cell] else { continue }
        for network in few.indices { own[network] |= below[network] | (bits[network][source.cell] ?? 0) }
      }
      needed[cell.cell.id] = own
    }
    for (first, early) in few.enumerated() where !early.isEmpty {
      let all = bits[first].values.reduce(0, |)
      for (second, late) in few.enumerated() where second != first && !late.isEmpty {
        precedes[first][second] = late.allSatisfy { needed[$0]?[first] == all }
      }
    }
    return precedes
  }

  /// The largest sum of weights of which none precedes another; of very many simply the sum of all.
  private static func heaviest(_ weights: [Int], precedes: [[Bool]]) -> Int {
    let order = weights.indices.filter { index in precedes[index].contains(true) || precedes.contains { $0[index] } }
    let always = sum(weights.indices.filter { !order.contains($0) }.map { weights[$0] })
    guard order.count <= 16 else { return sum(weights) }
    func best(_ rest: ArraySlice<Int>, _ chosen: [Int]) -> Int {
      guard let next = rest.first else { return sum(chosen.map { weights[$0] }) }
      let without = best(rest.dropFirst(), chosen)
      guard !chosen.contains(where: { precedes[$0][next] || precedes[next][$0] }) else { return without }
      return max(without, best(rest.dropFirst(), chosen + [next]))
    }
    return sum([always, best(order[...], [])])
  }

  static func memory(of working: [StageCost], lanes: Int) -> Int {
    let networks = Set(working.flatMap(\.networks))
    return sum([
      processBytes, sum(networks.map(\.weightBytes)), lanes.clampedTimes(sum(networks.map(\.arenaBytes))),
      lanes.clampedTimes(working.map(\.laneBytes).max() ?? 0), working.map(\.sharedBytes).max() ?? 0,
    ])
  }

  /// Resident size of the process with nothing loaded: program, libraries, generated kernels.
  static let processBytes = 34 << 20

  /// What is too large for an integer stays at the largest one.
  private static func sum(_ values: [Int]) -> Int { values.reduce(0) { $0.clampedPlus($1) } }
}
