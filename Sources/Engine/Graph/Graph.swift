/// A value of a graph: the result of one node.
public struct ValueID: Hashable, Sendable {
  /// The position of the node that makes it.
  package let index: Int
}

/// A network as data: operations with static shapes per sample, in an order in which they can run. Everything else is
/// derived from it: the check against a checkpoint, the cost, the memory plan and the program.
///
/// It holds no numbers and no batch. Build one with `GraphBuilder`.
public struct Graph: Sendable, Hashable {
  /// Something fed from outside before each run.
  public struct Input: Sendable, Hashable {
    public let name: String
    public let shape: ValueShape
  }

  /// A value handed out under a name: pictures as NCHW, vectors as `[N, width]`.
  public struct Output: Sendable, Hashable {
    public let name: String
    public let shape: ValueShape
    package var value: ValueID
  }

  package internal(set) var nodes: [Node]
  public internal(set) var outputs: [Output]

  /// What must be fed, in the order it was declared.
  public var inputs: [Input] {
    nodes.compactMap { node in
      switch node.operation {
      case .imageInput(let name, let shape): Input(name: name, shape: shape)
      case .scalarInput(let name): Input(name: name, shape: .scalar)
      case .sequenceInput(let name, let shape): Input(name: name, shape: shape)
      default: nil
      }
    }
  }

  /// Every tensor wanted from a checkpoint, each once, in order of first use.
  public var parameters: [ParameterSpec] {
    var seen: Set<String> = []
    return nodes.flatMap(\.operation.parameters).filter { seen.insert($0.name).inserted }
  }

  /// Floating point operations of one sample; see `Operation.flops`.
  public var flopsPerSample: Int {
    nodes.reduce(0) { sum, node in
      let (total, overflow) = sum.addingReportingOverflow(node.operation.flops(inputs: node.inputs.map(shape), result: node.shape))
      return overflow ? .max : total
    }
  }

  /// The shape of a value, per sample.
  public func shape(_ value: ValueID) -> ValueShape { nodes[value.index].shape }
}
