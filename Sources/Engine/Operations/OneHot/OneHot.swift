import Basics

/// A label as a vector with one number that is not zero, or none for the label -1.
package struct OneHot: Operation {
  package var classes: Int
  /// The number at the label's place.
  package var scale: Float

  package var name: String { "one-hot" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.scalar(operands)
    guard (1...1 << 24).contains(classes), scale.isFinite else {
      throw PlumbError(
        "bad one-hot vector", kind: .input, expected: "1 or more classes and a finite scale", found: "\(classes) classes, scale \(scale)")
    }
    return .vector(classes)
  }

  package func labels(operand: Int, _ operands: [ValueShape]) -> Range<Int>? { -1..<classes }
}

extension GraphBuilder {
  /// A vector of `classes` zeros with `scale` at the place of the label; all zeros for the label -1, which stands for no
  /// class. Another label is refused when it is fed.
  public mutating func oneHot(_ labels: ValueID, classes: Int, scale: Float = 1) -> ValueID {
    append(OneHot(classes: classes, scale: scale), [labels])
  }
}
