import Basics

extension Graph {
  /// This graph with one more output: the gradient of the sum over all numbers of `output` with respect to the picture
  /// `input`, by reverse mode. A sample's gradient is that of its own output, as samples do not meet.
  ///
  /// Parameters are the same ones: a convolution's adjoint packs its weight transposed. Only what depends on the input gets
  /// an adjoint. Throws when there is no such input or output, or names the first operation that has no adjoint.
  public func gradient(of output: String, withRespectTo input: String, named name: String) throws -> Graph {
    guard let target = outputs.first(where: { $0.name == output })?.value else {
      throw PlumbError("the graph has no such output", kind: .input, at: output, found: outputs.map(\.name).joined(separator: ", "))
    }
    let source = nodes.firstIndex { node in
      guard let fed = node.operation as? GraphInput else { return false }
      return fed.field == input && fed.layout == .channelsFirst
    }
    guard let source else {
      throw PlumbError("the graph has no such picture", kind: .input, at: input, found: inputs.map(\.name).joined(separator: ", "))
    }
    var depends = [Bool](repeating: false, count: nodes.count)
    depends[source] = true
    for (position, node) in nodes.enumerated() where node.inputs.contains(where: { depends[$0.index] }) { depends[position] = true }
    guard depends[target.index] else {
      throw PlumbError("the output does not depend on the input", kind: .input, at: output, found: input)
    }

    var builder = GraphBuilder(continuing: self)
    var gradients: [Int: ValueID] = [target.index: builder.append(Ones(), [target])]
    for position in stride(from: target.index, to: source, by: -1) {
      guard depends[position], let gradient = gradients[position] else { continue }
      let node = nodes[position]
      let wanted = node.inputs.map { depends[$0.index] }
      let found = try node.operation.adjoints(node, gradient, wanted: wanted, &builder)
      for (operand, adjoint) in zip(node.inputs, found) {
        guard let adjoint, depends[operand.index] else { continue }
        gradients[operand.index] = gradients[operand.index].map { builder.add($0, adjoint) } ?? adjoint
      }
    }
    guard let result = gradients[source] else { throw PlumbError("the output does not depend on the input", kind: .input, at: output) }
    builder.output(name, result)
    return try builder.finish()
  }
}
