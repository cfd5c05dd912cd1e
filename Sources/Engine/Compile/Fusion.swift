/// Merges operations that are cheaper in one pass over memory, and drops what no output needs.
///
/// - group norm, then modulation, then SiLU, become one node;
/// - convolution, then the addition of a residual, become one node with the bits of the two.
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

  private static func merge(_ node: Node, _ nodes: [Node], _ uses: [Int]) -> Node? {
    guard let operand = node.inputs.first else { return nil }
    let producer = nodes[operand.index]
    switch (node.operation, producer.operation) {
    case (.modulate, .groupNorm(var norm)) where uses[operand.index] == 1 && !norm.modulates && !norm.appliesSiLU:
      norm.modulates = true
      return Node(operation: .groupNorm(norm), inputs: [producer.inputs[0], node.inputs[1]], shape: node.shape)
    case (.activation(.silu), .groupNorm(var norm)) where uses[operand.index] == 1 && !norm.appliesSiLU:
      norm.appliesSiLU = true
      return Node(operation: .groupNorm(norm), inputs: producer.inputs, shape: node.shape)
    case (.add, _):
      return mergeResidual(node, nodes, uses)
    default:
      return nil
    }
  }

  /// The later of the summands that is a convolution takes the other in.
  private static func mergeResidual(_ node: Node, _ nodes: [Node], _ uses: [Int]) -> Node? {
    let summands = node.inputs.sorted { $0.index > $1.index }
    for (candidate, other) in [(summands[0], summands[1]), (summands[1], summands[0])] {
      let producer = nodes[candidate.index]
      if case .convolution(var convolution) = producer.operation, uses[candidate.index] == 1, !convolution.addsResidual {
        convolution.addsResidual = true
        return Node(operation: .convolution(convolution), inputs: producer.inputs + [other], shape: node.shape)
      }
    }
    return nil
  }

  /// Only what outputs need, and the inputs, renumbered.
  private static func compact(_ graph: Graph) -> Graph {
    var needed = [Bool](repeating: false, count: graph.nodes.count)
    for output in graph.outputs { needed[output.value.index] = true }
    for position in graph.nodes.indices.reversed() {
      let node = graph.nodes[position]
      if node.operation.isInput { needed[position] = true }
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

extension Operation {
  /// Fed from outside.
  var isInput: Bool {
    switch self {
    case .imageInput, .scalarInput, .sequenceInput: true
    default: false
    }
  }
}
