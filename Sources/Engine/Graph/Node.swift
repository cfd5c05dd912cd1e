/// A value of a graph: the result of one node.
public struct ValueID: Hashable, Sendable {
  /// The position of the node that makes it.
  package let index: Int

  package init(index: Int) { self.index = index }
}

/// One operation and where its operands come from. Node `i` of a graph makes value `i`.
package struct Node: Sendable {
  package var operation: any Operation
  package var inputs: [ValueID]
  /// What it makes, per sample.
  package var shape: ValueShape

  package init(operation: any Operation, inputs: [ValueID], shape: ValueShape) {
    self.operation = operation
    self.inputs = inputs
    self.shape = shape
  }
}

extension Node: Hashable {
  package static func == (one: Node, other: Node) -> Bool {
    one.inputs == other.inputs && one.shape == other.shape && one.operation.equals(other.operation)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(operation)
    hasher.combine(inputs)
    hasher.combine(shape)
  }
}
