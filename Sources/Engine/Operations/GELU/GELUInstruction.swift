import CKernels

struct GELUInstruction: BitwiseCopyable {
  private let approximation: GELUApproximation
  private let source: Operand
  private let output: Operand

  init(_ approximation: GELUApproximation, _ site: Site) {
    self.approximation = approximation
    source = site.inputs[0]
    output = site.output
  }

  func run(_ frame: Frame) {
    let length = Int64(frame.rows(output) * output.count)
    switch approximation {
    case .none: plumb_gelu(length, frame.address(source), frame.address(output))
    case .tanh: plumb_gelu_tanh(length, frame.address(source), frame.address(output))
    }
  }
}
