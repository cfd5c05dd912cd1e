import Basics

/// Rules for operands that several operations share.
package enum Operands {
  /// The only one.
  package static func one(_ operands: [ValueShape]) throws -> ValueShape {
    try count(operands, 1)
    return operands[0]
  }

  /// The only two.
  package static func two(_ operands: [ValueShape]) throws -> (ValueShape, ValueShape) {
    try count(operands, 2)
    return (operands[0], operands[1])
  }

  /// Throws unless there are `wanted` of them.
  package static func count(_ operands: [ValueShape], _ wanted: Int) throws {
    guard operands.count == wanted else {
      throw PlumbError("wrong number of operands", kind: .input, expected: "\(wanted)", found: "\(operands.count)")
    }
  }

  /// Two of one shape.
  package static func alike(_ operands: [ValueShape]) throws -> ValueShape {
    let (a, b) = try two(operands)
    guard a == b else { throw PlumbError("operands differ in shape", kind: .input, expected: "\(a)", found: "\(b)") }
    return a
  }

  /// A picture and a vector that holds `width` numbers per channel; gives the picture.
  package static func broadcast(_ operands: [ValueShape], width: Int) throws -> ValueShape {
    let (x, vector) = try two(operands)
    let channels = try image(x).channels
    guard vector == .vector(width * channels) else {
      throw PlumbError("vector does not fit the picture", kind: .input, expected: "vector of \(width * channels)", found: "\(vector)")
    }
    return x
  }

  /// Throws unless `shape` is a picture.
  package static func image(_ shape: ValueShape) throws -> (height: Int, width: Int, channels: Int) {
    guard case .image(let height, let width, let channels) = shape else {
      throw PlumbError("operand is not a picture", kind: .input, expected: "an image", found: "\(shape)")
    }
    return (height, width, channels)
  }

  /// Throws unless the only operand is a scalar.
  package static func scalar(_ operands: [ValueShape]) throws {
    let shape = try one(operands)
    guard shape == .scalar else { throw PlumbError("operand is not a scalar", kind: .input, expected: "a scalar", found: "\(shape)") }
  }

  /// Throws unless the operands of an adjoint, the last of which is a gradient, are as its forward operation has them.
  package static func check(adjoint operands: [ValueShape], _ fits: Bool) throws {
    guard fits else {
      throw PlumbError("an adjoint's operands do not fit", kind: .input, found: operands.map(\.description).joined(separator: "; "))
    }
  }
}
