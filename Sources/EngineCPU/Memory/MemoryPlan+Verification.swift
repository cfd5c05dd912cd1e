import Basics
package import Engine

extension MemoryPlan {
  /// Checks, apart from how the plan was made, that no value is written over while it is still needed. Throws naming
  /// the two nodes otherwise.
  package func verify(_ graph: Graph) throws {
    let lives = Lifetimes(graph)
    var residents: [Resident] = []
    for (position, node) in graph.nodes.enumerated() {
      guard values[position].count >= node.shape.count * batch else {
        throw PlumbError("a value does not fit its place", at: "node \(position)", found: "\(values[position].count) floats")
      }
      residents.append(Resident(node: position, slot: values[position], life: lives.first[position]...lives.last[position], isValue: true))
      if scratch[position].count > 0 {
        residents.append(Resident(node: position, slot: scratch[position], life: position...position, isValue: false))
      }
    }
    for (index, one) in residents.enumerated() {
      guard one.slot.offset >= 0, one.slot.offset % Self.alignment == 0, one.slot.offset + one.slot.count <= count else {
        throw PlumbError("a place lies outside the arena", at: "node \(one.node)")
      }
      for other in residents[(index + 1)...] where one.collides(other) && !takesOver(one, other, graph, lives) {
        throw PlumbError("two live values share memory", at: "nodes \(one.node) and \(other.node)")
      }
    }
  }

  /// The later value is made in place of the earlier, which it is the last to use.
  private func takesOver(_ one: Resident, _ other: Resident, _ graph: Graph, _ lives: Lifetimes) -> Bool {
    let (early, late) = one.node < other.node ? (one, other) : (other, one)
    guard early.isValue, late.isValue, early.slot == late.slot, lives.last[early.node] == late.node else { return false }
    let node = graph.nodes[late.node]
    return node.overwritable.contains(ValueID(index: early.node)) && graph.nodes[early.node].shape == node.shape
  }

  private struct Resident {
    let node: Int
    let slot: Slot
    let life: ClosedRange<Int>
    let isValue: Bool

    func collides(_ other: Resident) -> Bool {
      life.overlaps(other.life) && slot.offset < other.slot.offset + other.slot.count
        && other.slot.offset < slot.offset + slot.count
    }
  }
}
