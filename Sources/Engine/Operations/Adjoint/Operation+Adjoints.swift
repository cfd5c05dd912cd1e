import Basics

extension Operation {
  /// The gradients of a node's operands for the `gradient` of its result; nil for operands that are not `wanted`.
  func adjoints(
    _ node: Node, at value: ValueID, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder
  ) throws -> [ValueID?] {
    // What conditions a network (embeddings, scales) does not depend on the picture.
    func first(_ adjoint: ValueID) throws -> [ValueID?] {
      guard !wanted.dropFirst().contains(true) else { throw missing("with respect to its further operands") }
      return [adjoint] + [ValueID?](repeating: nil, count: node.inputs.count - 1)
    }
    switch self {
    case .add: return wanted.map { $0 ? gradient : nil }
    case .addVector, .addParameter: return try first(gradient)
    case .scale(let factor): return try first(graph.scale(gradient, by: factor))
    case .modulate:
      let scale = graph.slice(node.inputs[1], channels: 0..<graph.shape(gradient).channels)
      return try first(graph.add(gradient, graph.multiply(gradient, scale)))
    case .multiplyVector: return try first(graph.multiply(gradient, node.inputs[1]))
    case .multiply:
      return [
        wanted[0] ? graph.multiply(gradient, node.inputs[1]) : nil, wanted[1] ? graph.multiply(gradient, node.inputs[0]) : nil,
      ]
    case .activation(.relu): return try first(graph.adjoint(.relu, [node.inputs[0], gradient]))
    case .activation(.silu): return try first(graph.adjoint(.silu, [node.inputs[0], gradient]))
    case .convolution(let convolution): return try first(convolution.adjoint(of: node.inputs[0], gradient, &graph))
    case .groupNorm(let norm) where !norm.modulates && !norm.appliesSiLU:
      return try first(graph.adjoint(.groupNorm(norm), [node.inputs[0], gradient]))
    case .attention(let attention) where !attention.isInterleaved:
      return try first(graph.adjoint(.attention(attention), [node.inputs[0], gradient]))
    case .resample(.upsampleNearest2x): return try first(graph.scale(graph.averagePool2x2(gradient), by: 4))
    case .resample(.averagePool2x2):
      guard case .image(let height, let width, _) = graph.shape(node.inputs[0]), height % 2 == 0, width % 2 == 0 else {
        throw missing("for odd sizes")
      }
      return try first(graph.scale(graph.upsampleNearest2x(gradient), by: 0.25))
    case .resample(.mean): return try first(graph.adjoint(.mean(graph.shape(node.inputs[0])), [gradient]))
    case .concatenate:
      let (left, right) = (graph.shape(node.inputs[0]).channels, graph.shape(node.inputs[1]).channels)
      return [
        wanted[0] ? graph.slice(gradient, channels: 0..<left) : nil, wanted[1] ? graph.slice(gradient, channels: left..<left + right) : nil,
      ]
    case .slice(let slice):
      let adjoint = Adjoint.slice(first: slice.channels.lowerBound, channels: graph.shape(node.inputs[0]).channels)
      return try first(graph.adjoint(adjoint, [gradient]))
    case .tokenPool: return try first(graph.adjoint(.tokenPool(graph.shape(node.inputs[0])), [gradient]))
    case .firstPixel: return try first(graph.adjoint(.firstPixel(graph.shape(node.inputs[0])), [gradient]))
    case .flattenCHW where graph.shape(node.inputs[0]).pixels == 1:
      // One pixel lies as a vector does.
      return try first(graph.adjoint(.firstPixel(graph.shape(node.inputs[0])), [gradient]))
    case .logProbability: return try first(graph.adjoint(.logProbability, node.inputs + [gradient]))
    default: throw missing(nil)
    }
  }

  private func missing(_ why: String?) -> PlumbError {
    PlumbError("there is no gradient of this operation\(why.map { " \($0)" } ?? "")", kind: .input, at: name)
  }
}

extension Convolution {
  /// A convolution of the gradient with the weight turned over and its channels exchanged, after zeros are put between the
  /// pixels of a strided one.
  func adjoint(of operand: ValueID, _ gradient: ValueID, _ graph: inout GraphBuilder) throws -> ValueID {
    guard case .image(let height, let width, _) = graph.shape(operand), kernelHeight == kernelWidth, padding < kernelHeight,
      trailingPadding == 0, !isAdjoint, !addsResidual
    else { throw PlumbError("there is no gradient of this convolution", kind: .input, at: weight.name) }
    var spread = gradient
    if stride > 1 {
      let reach = 2 * padding - kernelHeight + 1
      spread = graph.adjoint(.insertZeros(stride: stride, height: height + reach, width: width + reach), [gradient])
    }
    var turned = self
    (turned.bias, turned.stride, turned.padding, turned.isAdjoint) = (nil, 1, kernelHeight - 1 - padding, true)
    return graph.append(.convolution(turned), [spread])
  }
}
