package import Engine

/// Merges operations that are cheaper in one pass over memory, and drops what no output needs. Which ones, their kernels
/// say (`CPUOperation.followed`): group norm, then modulation, then SiLU; a convolution, then the addition of a residual.
///
/// A node is only merged into its consumer when it has no other, and is no output itself. The merged node takes the
/// consumer's place, where all operands are made.
package enum Fusion {
  package static func apply(_ graph: Graph) throws -> Graph {
    var fused = graph
    let uses = useCounts(graph)
    for (position, node) in graph.nodes.enumerated() {
      // Operands may have been merged already, so they are looked up in the new nodes.
      if let merged = merge(node, fused.nodes, uses) { fused.nodes[position] = merged }
    }
    let live = compact(fused)
    try GraphVerifier.verify(live)
    return live
  }

  private static func useCounts(_ graph: Graph) -> [Int] {
    var uses = [Int](repeating: 0, count: graph.nodes.count)
    for input in graph.nodes.flatMap(\.inputs) { uses[input.index] += 1 }
    for output in graph.outputs { uses[output.value.index] += 1 }
    return uses
  }

  /// The node and the maker of one of its operands in one; the operand that is made last is tried first.
  private static func merge(_ node: Node, _ nodes: [Node], _ uses: [Int]) -> Node? {
    for operand in node.inputs.indices.sorted(by: { node.inputs[$0].index > node.inputs[$1].index }) {
      let value = node.inputs[operand]
      let producer = nodes[value.index]
      guard uses[value.index] == 1, let merged = producer.kernel?.followed(by: node.operation, operand: operand) else { continue }
      let others = node.inputs.indices.filter { $0 != operand }.map { node.inputs[$0] }
      return Node(operation: merged, inputs: producer.inputs + others, shape: node.shape)
    }
    return nil
  }

  /// Only what outputs need, and the inputs, renumbered.
  private static func compact(_ graph: Graph) -> Graph {
    var needed = [Bool](repeating: false, count: graph.nodes.count)
    for output in graph.outputs { needed[output.value.index] = true }
    for position in graph.nodes.indices.reversed() {
      let node = graph.nodes[position]
      if node.isInput { needed[position] = true }
      if needed[position] { for input in node.inputs { needed[input.index] = true } }
    }
    var renumbered: [Int: ValueID] = [:]
    var nodes: [Node] = []
    for (position, var node) in graph.nodes.enumerated() where needed[position] {
      node.inputs = node.inputs.compactMap { renumbered[$0.index] }
      renumbered[position] = ValueID(index: nodes.count)
      nodes.append(node)
    }
    let outputs = graph.outputs.compactMap { output in
      renumbered[output.value.index].map { Graph.Output(name: output.name, shape: output.shape, value: $0) }
    }
    return Graph(nodes: nodes, outputs: outputs)
  }
}
