/// A network as data: operations with static shapes per sample, in an order in which they can run. Everything else is
/// derived from it: the check against a checkpoint, the cost, and what a device runs.
///
/// It holds no numbers and no batch. Build one with `GraphBuilder`.
public struct Graph: Sendable, Hashable {
  /// Something fed from outside before each run.
  public struct Input: Sendable, Hashable {
    public let name: String
    public let shape: ValueShape
    /// How it is fed: pictures channels first, sequences token by token.
    package let layout: GraphInput.Layout
    /// The class indices that every reader of it has a meaning for; nil when it is no label.
    package let labels: Range<Int>?
  }

  /// A value handed out under a name: pictures as NCHW, vectors as `[N, width]`.
  public struct Output: Sendable, Hashable {
    public let name: String
    public let shape: ValueShape
    package var value: ValueID

    package init(name: String, shape: ValueShape, value: ValueID) {
      self.name = name
      self.shape = shape
      self.value = value
    }
  }

  package var nodes: [Node]
  public package(set) var outputs: [Output]

  package init(nodes: [Node], outputs: [Output]) {
    self.nodes = nodes
    self.outputs = outputs
  }

  /// What must be fed, in the order it was declared.
  public var inputs: [Input] {
    nodes.enumerated().compactMap { position, node in
      guard let input = node.operation as? GraphInput else { return nil }
      return Input(name: input.field, shape: input.shape, layout: input.layout, labels: labels(position))
    }
  }

  /// The labels that all readers of a value agree on.
  private func labels(_ position: Int) -> Range<Int>? {
    let readers = nodes.flatMap { node in
      node.inputs.enumerated().compactMap { operand, input in
        input.index == position ? node.operation.labels(operand: operand, node.inputs.map(shape)) : nil
      }
    }
    return readers.first.map { readers.dropFirst().reduce($0) { $0.clamped(to: $1) } }
  }

  /// Every tensor wanted from a checkpoint, each once, in order of first use.
  public var parameters: [ParameterSpec] {
    var seen: Set<String> = []
    return nodes.flatMap(\.operation.parameters).filter { seen.insert($0.name).inserted }
  }

  /// Floating point operations of one sample; see `Operation.flops`.
  public var flopsPerSample: Int {
    nodes.reduce(0) { sum, node in
      let (total, overflow) = sum.addingReportingOverflow(node.operation.flops(node.inputs.map(shape), result: node.shape))
      return overflow ? .max : total
    }
  }

  /// The shape of a value, per sample.
  public func shape(_ value: ValueID) -> ValueShape { nodes[value.index].shape }
}
