import Basics

/// Consecutive channels of a picture, or numbers of a vector.
package struct ChannelSlice: Operation {
  package var channels: Range<Int>

  package var name: String { "slice \(channels)" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let shape = try Operands.one(operands)
    guard shape != .scalar, !channels.isEmpty, channels.lowerBound >= 0, channels.upperBound <= shape.channels else {
      throw PlumbError("no such channels", kind: .input, expected: "channels in 0..<\(shape.channels)", found: "\(channels) of \(shape)")
    }
    return shape.with(channels: channels.count)
  }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    let adjoint = SliceAdjoint(first: channels.lowerBound, channels: graph.shape(node.inputs[0]).channels)
    return try first(graph.append(adjoint, [gradient]), wanted: wanted)
  }
}

extension GraphBuilder {
  /// Some of the channels of a picture, or of the numbers of a vector.
  public mutating func slice(_ x: ValueID, channels: Range<Int>) -> ValueID {
    append(ChannelSlice(channels: channels), [x])
  }
}
