import CKernels

struct ScaleInstruction: BitwiseCopyable {
  private let factor: Float
  private let source: Operand
  private let output: Operand

  init(_ factor: Float, _ site: Site) {
    self.factor = factor
    source = site.inputs[0]
    output = site.output
  }

  func run(_ frame: Frame) {
    plumb_scale(Int64(frame.rows(output) * output.count), frame.address(source), factor, frame.address(output))
  }
}
