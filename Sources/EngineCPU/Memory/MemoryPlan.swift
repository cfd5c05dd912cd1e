import Basics
package import Engine

/// Where every value of a graph lies in the one arena, from its first and last use.
///
/// Values are placed largest first, each at the lowest offset free during its life ("greedy by size", Pisarchyk and
/// Lee 2020). A value may take over the place of an operand that dies in its making, where the kernel allows it.
package struct MemoryPlan: Sendable, Hashable {
  /// A stretch of the arena, in floats.
  package struct Slot: Sendable, Hashable {
    package let offset: Int
    package let count: Int
  }

  /// Per node: its result.
  package private(set) var values: [Slot]
  /// Per node: what its kernel needs while it runs; empty slots for most.
  package private(set) var scratch: [Slot]
  /// Floats of the arena.
  package private(set) var count: Int
  let batch: Int

  var byteCount: Int { count * MemoryLayout<Float>.stride }

  /// Floats per cache line: every offset is a multiple.
  static let alignment = 16

  package init(graph: Graph, batch: Int) throws {
    let lives = Lifetimes(graph)
    let owners = Self.sharedPlaces(graph, lives)
    var requests: [Request] = []
    for (position, node) in graph.nodes.enumerated() {
      let size = Self.aligned(node.shape.count * batch)
      if owners[position] == position {
        requests.append(Request(place: .value(position), count: size, life: lives.first[position]...lives.last[position]))
      } else {
        // The owner's request lives on; requests of values stand in order of their nodes among the others.
        guard let owner = requests.firstIndex(where: { $0.place == .value(owners[position]) }) else { continue }
        requests[owner].life = requests[owner].life.lowerBound...max(requests[owner].life.upperBound, lives.last[position])
      }
      let extra = node.kernel?.scratchCount(node.inputs.map(graph.shape)) ?? 0
      if extra > 0 { requests.append(Request(place: .scratch(position), count: Self.aligned(extra), life: position...position)) }
    }
    values = [Slot](repeating: Slot(offset: 0, count: 0), count: graph.nodes.count)
    scratch = values
    count = 0
    self.batch = batch
    place(requests)
    for position in graph.nodes.indices where owners[position] != position { values[position] = values[owners[position]] }
    try verify(graph)
  }

  private mutating func place(_ requests: [Request]) {
    var placed: [(request: Request, offset: Int)] = []
    let order = requests.indices.sorted { (requests[$0].count, $1) > (requests[$1].count, $0) }
    for request in order.map({ requests[$0] }) {
      var offset = 0
      for other in placed.filter({ $0.request.life.overlaps(request.life) }).sorted(by: { $0.offset < $1.offset }) {
        if other.offset >= offset + request.count { break }
        offset = max(offset, other.offset + other.request.count)
      }
      placed.append((request, offset))
      count = max(count, offset + request.count)
      let slot = Slot(offset: offset, count: request.count)
      switch request.place {
      case .value(let position): values[position] = slot
      case .scratch(let position): scratch[position] = slot
      }
    }
  }

  /// Moves a value, for tests of the verification.
  package mutating func overwrite(value: Int, with slot: Slot) { values[value] = slot }

  /// For every node the node whose place it lies in: itself, or the owner of the place of an operand that dies here.
  private static func sharedPlaces(_ graph: Graph, _ lives: Lifetimes) -> [Int] {
    var owners = Array(graph.nodes.indices)
    for (position, node) in graph.nodes.enumerated() {
      let dying = node.overwritable.first { lives.last[$0.index] == position && graph.shape($0) == node.shape }
      if let dying { owners[position] = owners[dying.index] }
    }
    return owners
  }

  static func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

  private struct Request {
    enum Place: Hashable {
      case value(Int)
      case scratch(Int)
    }
    let place: Place
    let count: Int
    var life: ClosedRange<Int>
  }
}

/// First and last use of every value, in node positions. Inputs live from the start, outputs to the end.
struct Lifetimes {
  private(set) var first: [Int]
  private(set) var last: [Int]

  init(_ graph: Graph) {
    first = Array(graph.nodes.indices)
    last = first
    for (position, node) in graph.nodes.enumerated() {
      if node.isInput { first[position] = 0 }
      for input in node.inputs { last[input.index] = position }
    }
    for output in graph.outputs { last[output.value.index] = graph.nodes.count }
  }
}
