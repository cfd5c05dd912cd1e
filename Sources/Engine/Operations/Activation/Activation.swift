/// Functions of one number.
package enum Activation: String, Operation, BitwiseCopyable, CaseIterable {
  case silu, relu, gelu
  case geluTanh = "gelu (tanh)"

  package var name: String { rawValue }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape { try Operands.one(operands) }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    let slope: ActivationAdjoint? =
      switch self {
      case .silu: .silu
      case .relu: .relu
      case .gelu, .geluTanh: nil
      }
    guard let slope else { throw missingGradient() }
    return try first(graph.append(slope, [node.inputs[0], gradient]), wanted: wanted)
  }
}

/// Which form of the Gaussian error linear unit (Hendrycks and Gimpel 2016).
public enum GELUApproximation: String, Hashable, Sendable {
  /// With the error function.
  case none
  /// With a hyperbolic tangent, as the authors propose for speed.
  case tanh
}

extension GraphBuilder {
  /// `x / (1 + exp(-x))`.
  public mutating func silu(_ x: ValueID) -> ValueID { append(Activation.silu, [x]) }

  /// `max(x, 0)`.
  public mutating func relu(_ x: ValueID) -> ValueID { append(Activation.relu, [x]) }

  /// The Gaussian error linear unit, exact or with a hyperbolic tangent.
  public mutating func gelu(_ x: ValueID, approximation: GELUApproximation) -> ValueID {
    append(approximation == .none ? Activation.gelu : .geluTanh, [x])
  }
}
