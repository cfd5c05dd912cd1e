import Basics

/// Checks that a graph means something: run after building and after every pass, in release builds too, as it costs
/// microseconds.
package enum GraphVerifier {
  /// Throws `PlumbError` naming the node when operands come after their use, a shape is not what the operation gives,
  /// a name is used twice, a parameter is asked for under two shapes, or nothing is handed out.
  package static func verify(_ graph: Graph) throws {
    try verifyNodes(graph)
    try verifyNames(graph)
    try verifyParameters(graph)
  }

  private static func verifyNodes(_ graph: Graph) throws {
    for (position, node) in graph.nodes.enumerated() {
      let place = "node \(position), \(node.operation.name)"
      for input in node.inputs where !(0..<position).contains(input.index) {
        throw PlumbError(
          "an operand is not made before its use", kind: .input, at: place, expected: "a node before \(position)", found: "\(input.index)")
      }
      let shape: ValueShape
      do {
        shape = try node.operation.resultShape(node.inputs.map(graph.shape))
      } catch let error as PlumbError {
        throw error.at(place)
      }
      // A label is checked where it is fed.
      for (operand, input) in node.inputs.enumerated() where !(graph.nodes[input.index].operation is GraphInput) {
        guard node.operation.labels(operand: operand, node.inputs.map(graph.shape)) == nil else {
          throw PlumbError("a label must be an input", kind: .input, at: place)
        }
      }
      guard shape == node.shape, shape.isSound else {
        throw PlumbError("the shape is not what the operation gives", kind: .input, at: place, expected: "\(shape)", found: "\(node.shape)")
      }
    }
  }

  private static func verifyNames(_ graph: Graph) throws {
    guard !graph.outputs.isEmpty else { throw PlumbError("the graph hands nothing out", kind: .input) }
    var names: Set<String> = []
    for input in graph.inputs where !names.insert(input.name).inserted {
      throw PlumbError("two inputs have the same name", kind: .input, found: "\"\(input.name)\"")
    }
    names = []
    for output in graph.outputs {
      guard names.insert(output.name).inserted else {
        throw PlumbError("two outputs have the same name", kind: .input, found: "\"\(output.name)\"")
      }
      guard graph.nodes.indices.contains(output.value.index), graph.shape(output.value) == output.shape else {
        throw PlumbError("an output is not a value of the graph", kind: .input, at: "output \"\(output.name)\"")
      }
    }
  }

  private static func verifyParameters(_ graph: Graph) throws {
    var shapes: [String: [Int]] = [:]
    for parameter in graph.nodes.flatMap(\.operation.parameters) {
      if let first = shapes.updateValue(parameter.shape, forKey: parameter.name), first != parameter.shape {
        throw PlumbError(
          "a parameter is used with two shapes", kind: .input, at: parameter.name, expected: "\(first)", found: "\(parameter.shape)")
      }
    }
  }
}
