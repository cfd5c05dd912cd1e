import Basics

/// Changes of resolution by two, and the mean of a whole picture.
package enum Resampling: String, Operation, BitwiseCopyable, CaseIterable {
  case upsampleNearest2x = "upsample"
  case averagePool2x2 = "average pool"
  case maxPool2x2 = "max pool"
  /// A picture of one pixel.
  case mean

  package var name: String { rawValue }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let shape = try Operands.one(operands)
    let x = try Operands.image(shape)
    if self == .mean { return .image(height: 1, width: 1, channels: x.channels) }
    if self == .upsampleNearest2x { return .image(height: 2 * x.height, width: 2 * x.width, channels: x.channels) }
    guard x.height >= 2, x.width >= 2 else {
      throw PlumbError("picture is too small to pool", kind: .input, expected: "2x2 or more", found: "\(shape)")
    }
    return .image(height: x.height / 2, width: x.width / 2, channels: x.channels)
  }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    let source = graph.shape(node.inputs[0])
    switch self {
    case .upsampleNearest2x: return try first(graph.scale(graph.averagePool2x2(gradient), by: 4), wanted: wanted)
    case .averagePool2x2:
      guard case .image(let height, let width, _) = source, height % 2 == 0, width % 2 == 0 else { throw missingGradient("for odd sizes") }
      return try first(graph.scale(graph.upsampleNearest2x(gradient), by: 0.25), wanted: wanted)
    case .mean: return try first(graph.append(MeanAdjoint(shape: source), [gradient]), wanted: wanted)
    case .maxPool2x2: throw missingGradient()
    }
  }
}

extension GraphBuilder {
  /// Every pixel becomes a square of four.
  public mutating func upsampleNearest2x(_ x: ValueID) -> ValueID { append(Resampling.upsampleNearest2x, [x]) }

  /// The mean of squares of four; a last odd row or column is dropped, as in PyTorch.
  public mutating func averagePool2x2(_ x: ValueID) -> ValueID { append(Resampling.averagePool2x2, [x]) }

  /// The largest of squares of four; a last odd row or column is dropped, as in PyTorch.
  public mutating func maxPool2x2(_ x: ValueID) -> ValueID { append(Resampling.maxPool2x2, [x]) }

  /// The mean of all pixels, a picture of one.
  public mutating func meanOfPixels(_ x: ValueID) -> ValueID { append(Resampling.mean, [x]) }
}
