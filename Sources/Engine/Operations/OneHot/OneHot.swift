import Basics

/// A label as a vector with one number that is not zero, or none for the label -1.
package struct OneHot: Hashable, Sendable {
  package var classes: Int
  /// The number at the label's place.
  package var scale: Float

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let shape = try Operation.one(inputs)
    guard shape == .scalar else { throw PlumbError("operand is not a scalar", kind: .input, expected: "a scalar", found: "\(shape)") }
    guard (1...1 << 24).contains(classes), scale.isFinite else {
      throw PlumbError(
        "bad one-hot vector", kind: .input, expected: "1 or more classes and a finite scale", found: "\(classes) classes, scale \(scale)")
    }
    return .vector(classes)
  }
}

/// Labels were checked when they were fed.
struct OneHotInstruction: BitwiseCopyable {
  private let scale: Float
  private let source: Operand
  private let output: Operand

  init(_ oneHot: OneHot, _ site: Site) {
    scale = oneHot.scale
    source = site.inputs[0]
    output = site.output
  }

  func run(_ frame: Frame) {
    for row in 0..<frame.rows(output) {
      let (label, vector) = (Int(frame.address(source)[row]), frame.address(output) + row * output.count)
      vector.update(repeating: 0, count: output.count)
      if label >= 0 { vector[label] = scale }
    }
  }
}
