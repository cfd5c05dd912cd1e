import Basics
import CKernels

/// The log of the softmax of logits at a label.
enum LogProbability {
  /// Logits (a vector, or a picture of one pixel) and a scalar label give a scalar.
  static func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let (logits, label) = try Operation.two(inputs)
    guard logits.pixels == 1, logits != .scalar, label == .scalar else {
      throw PlumbError("a log probability is of logits at a label", kind: .input, found: "\(logits), \(label)")
    }
    return .scalar
  }
}

struct LogProbabilityInstruction: BitwiseCopyable {
  private let classes: Int64
  private let logits: Operand
  private let labels: Operand
  private let output: Operand

  init(_ site: Site) {
    classes = Int64(site.inputShapes[0].count)
    logits = site.inputs[0]
    labels = site.inputs[1]
    output = site.output
  }

  func run(_ frame: Frame) {
    plumb_log_probability(
      Int64(frame.rows(output)), classes, frame.address(logits), frame.address(labels), Int64(frame.stride(labels)),
      frame.address(output))
  }
}
