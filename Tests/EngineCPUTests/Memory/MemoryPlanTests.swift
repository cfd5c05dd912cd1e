import Basics
import Engine
import EngineCPU
import ReferenceDevice
import Testing

@Suite struct MemoryPlanTests {
  /// Seen from the outside: between a value's making and its last use nothing else is written over it.
  @Test(arguments: 1...40) func liveValuesNeverOverlap(seed: Int) throws {
    let graph = try Fusion.apply(RandomGraph.make(seed: UInt64(seed), length: 60))
    let plan = try MemoryPlan(graph: graph, batch: 3)
    // Node that wrote each float last, replayed in order; every operand must be as its node left it.
    var owner = [Int](repeating: -1, count: plan.count)
    func write(_ slot: MemoryPlan.Slot, _ count: Int, _ node: Int) {
      for float in slot.offset..<slot.offset + count { owner[float] = node }
    }
    func isIntact(_ value: Int) -> Bool {
      let start = plan.values[value].offset
      return owner[start..<start + 3 * graph.nodes[value].shape.count].allSatisfy { $0 == value }
    }
    for (position, node) in graph.nodes.enumerated() where node.isInput {
      write(plan.values[position], 3 * node.shape.count, position)
    }
    for (position, node) in graph.nodes.enumerated() where !node.isInput {
      // Scratch space is written while operands are still read.
      write(plan.scratch[position], plan.scratch[position].count, -2)
      for input in node.inputs { #expect(isIntact(input.index)) }
      write(plan.values[position], 3 * node.shape.count, position)
    }
    for output in graph.outputs { #expect(isIntact(output.value.index)) }
  }

  @Test func chainNeedsTwoPlacesAtMost() throws {
    var graph = GraphBuilder()
    var x = graph.imageInput("x", channels: 8, height: 8, width: 8)
    for layer in 0..<10 { x = graph.silu(graph.conv(x, "conv\(layer)", to: 8)) }
    graph.output("out", x)
    #expect(try MemoryPlan(graph: graph.finish(), batch: 4).count == 2 * 4 * 512)
  }

  @Test func damagedPlanIsRefused() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 16, height: 2, width: 2)
    let y = graph.conv(x, "a", to: 16)
    graph.output("out", graph.add(y, graph.relu(x)))
    let finished = try graph.finish()
    var plan = try MemoryPlan(graph: finished, batch: 1)
    try plan.verify(finished)
    // The convolution would write over its own input, which is read once more.
    plan.overwrite(value: y.index, with: plan.values[x.index])
    #expect(throws: PlumbError.self) { try plan.verify(finished) }
  }
}
