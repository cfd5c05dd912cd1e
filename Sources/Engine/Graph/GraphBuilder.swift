import Basics

/// Builds a `Graph` operation by operation, in the words of the field.
///
/// A mistake (shapes that do not fit, a name used twice) is kept and thrown by `finish()`, so that a network reads as
/// a list of layers. Only the first mistake is kept: what follows it would be noise.
///
///     var graph = GraphBuilder()
///     let x = graph.imageInput("x", channels: 3, height: 32, width: 32)
///     let weight = ParameterSpec(name: "conv.weight", shape: [16, 3, 3, 3])
///     graph.output("out", graph.convolution(x, weight: weight, bias: nil, stride: 1, padding: 1))
///     let network = try graph.finish()
public struct GraphBuilder {
  var nodes: [Node] = []
  private var outputs: [Graph.Output] = []
  private var failure: PlumbError?

  public init() {}

  /// Goes on from a finished graph, whose values keep their places.
  init(continuing graph: Graph) {
    nodes = graph.nodes
    outputs = graph.outputs
  }

  /// The shape of a value made so far, per sample; a scalar after a mistake.
  public func shape(_ value: ValueID) -> ValueShape {
    nodes.indices.contains(value.index) ? nodes[value.index].shape : .scalar
  }

  /// Declares a result. A value may be handed out under several names.
  public mutating func output(_ name: String, _ x: ValueID) {
    guard failure == nil, nodes.indices.contains(x.index) else { return }
    outputs.append(Graph.Output(name: name, shape: nodes[x.index].shape, value: x))
  }

  /// The finished graph. Throws the first mistake made while building, or what the verifier finds.
  public mutating func finish() throws -> Graph {
    if let failure { throw failure }
    let graph = Graph(nodes: nodes, outputs: outputs)
    try GraphVerifier.verify(graph)
    return graph
  }

  /// Adds a node. Its folder has a function with the words of the field for each operation.
  package mutating func append(_ operation: some Operation, _ inputs: [ValueID]) -> ValueID {
    let position = nodes.count
    guard failure == nil else { return ValueID(index: max(position - 1, 0)) }
    do {
      for input in inputs where !nodes.indices.contains(input.index) {
        throw PlumbError("the operand is not a value of this graph", kind: .input)
      }
      let shape = try operation.resultShape(inputs.map { nodes[$0.index].shape })
      guard shape.isSound else { throw PlumbError("extents must be positive and fit", kind: .input, found: "\(shape)") }
      nodes.append(Node(operation: operation, inputs: inputs, shape: shape))
    } catch {
      let cause = error as? PlumbError ?? PlumbError("\(error)", kind: .input)
      failure = cause.at(operation.name)
    }
    return ValueID(index: position)
  }

  /// The gradient of the first operand of the node that makes `value`, for the `gradient` of the value: one step of
  /// `Graph.gradient`. Having none is a mistake like any other.
  package mutating func adjoint(of value: ValueID, _ gradient: ValueID) -> ValueID {
    guard failure == nil, nodes.indices.contains(value.index) else { return value }
    let node = nodes[value.index]
    do {
      let found = try node.operation.adjoints(node, gradient, wanted: node.inputs.indices.map { $0 == 0 }, &self)
      guard let adjoint = found.first ?? nil else { throw node.operation.missingGradient() }
      return adjoint
    } catch {
      failure = error as? PlumbError ?? PlumbError("\(error)", kind: .input)
      return value
    }
  }
}
