import Basics

/// Functions of one number.
package enum Activation: String, Hashable, Sendable, BitwiseCopyable {
  case silu, relu, gelu
  case geluTanh = "gelu (tanh)"
}

/// Which form of the Gaussian error linear unit (Hendrycks and Gimpel 2016).
public enum GELUApproximation: String, Hashable, Sendable {
  /// With the error function.
  case none
  /// With a hyperbolic tangent, as the authors propose for speed.
  case tanh
}

extension Operation {
  static func scaleShape(_ inputs: [ValueShape], by factor: Float) throws -> ValueShape {
    guard factor.isFinite else { throw PlumbError("bad factor", kind: .input, expected: "a finite number", found: "\(factor)") }
    return try one(inputs)
  }

  static func addShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let (a, b) = try two(inputs)
    guard a == b else { throw PlumbError("operands differ in shape", kind: .input, expected: "\(a)", found: "\(b)") }
    return a
  }

  /// A picture and a vector holding `width` numbers per channel.
  static func broadcastShape(_ inputs: [ValueShape], width: Int) throws -> ValueShape {
    let (x, vector) = try two(inputs)
    let channels = try image(x).channels
    guard vector == .vector(width * channels) else {
      throw PlumbError("vector does not fit the picture", kind: .input, expected: "vector of \(width * channels)", found: "\(vector)")
    }
    return x
  }

  static func concatenateShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let (first, second) = try two(inputs)
    if case .vector(let a) = first, case .vector(let b) = second { return .vector(a + b) }
    let (a, b) = (try image(first), try image(second))
    guard a.height == b.height, a.width == b.width else {
      throw PlumbError("pictures differ in extent", kind: .input, expected: "\(first)", found: "\(second)")
    }
    return .image(height: a.height, width: a.width, channels: a.channels + b.channels)
  }
}
