import Basics

extension Convolution {
  /// A convolution of the gradient with the weight turned over and its channels exchanged, after zeros are put between the
  /// pixels of a strided one.
  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    guard case .image(let height, let width, _) = graph.shape(node.inputs[0]), kernelHeight == kernelWidth, padding < kernelHeight,
      trailingPadding == 0, !isAdjoint
    else { throw PlumbError("there is no gradient of this convolution", kind: .input, at: weight.name) }
    var spread = gradient
    if stride > 1 {
      let reach = 2 * padding - kernelHeight + 1
      spread = graph.append(InsertZeros(stride: stride, height: height + reach, width: width + reach), [gradient])
    }
    var turned = self
    (turned.bias, turned.stride, turned.padding, turned.isAdjoint) = (nil, 1, kernelHeight - 1 - padding, true)
    return try first(graph.append(turned, [spread]), wanted: wanted)
  }
}

/// Zeros between the pixels of a picture, so that a strided convolution's adjoint is one of stride 1.
package struct InsertZeros: Operation {
  package var stride: Int
  /// Extents of the result.
  package var height: Int
  package var width: Int

  package var name: String { "zeros for the adjoint of a strided convolution" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let x = try Operands.image(Operands.one(operands))
    try Operands.check(adjoint: operands, stride > 0 && (x.height - 1) * stride < height && (x.width - 1) * stride < width)
    return .image(height: height, width: width, channels: x.channels)
  }
}
