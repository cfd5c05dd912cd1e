import Basics

/// Two pictures of equal extent, joined along channels, or two vectors.
package struct Concatenate: Operation {
  package var name: String { "concatenate" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let (first, second) = try Operands.two(operands)
    if case .vector(let a) = first, case .vector(let b) = second { return .vector(a + b) }
    let (a, b) = (try Operands.image(first), try Operands.image(second))
    guard a.height == b.height, a.width == b.width else {
      throw PlumbError("pictures differ in extent", kind: .input, expected: "\(first)", found: "\(second)")
    }
    return .image(height: a.height, width: a.width, channels: a.channels + b.channels)
  }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    let (left, right) = (graph.shape(node.inputs[0]).channels, graph.shape(node.inputs[1]).channels)
    return [
      wanted[0] ? graph.slice(gradient, channels: 0..<left) : nil, wanted[1] ? graph.slice(gradient, channels: left..<left + right) : nil,
    ]
  }
}

extension GraphBuilder {
  /// The channels of `a`, then those of `b`: of two pictures of equal extent, or the numbers of two vectors.
  public mutating func concatenate(_ a: ValueID, _ b: ValueID) -> ValueID { append(Concatenate(), [a, b]) }
}
