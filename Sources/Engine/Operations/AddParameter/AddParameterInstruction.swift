import CKernels

struct AddParameterInstruction: BitwiseCopyable {
  private let source: Operand
  private let output: Operand
  private let parameter: UnsafePointer<Float>

  init(_ site: Site) {
    source = site.inputs[0]
    output = site.output
    parameter = site.constants[0]
  }

  func run(_ frame: Frame) {
    plumb_add_rows(
      Int64(frame.rows(output)), Int64(output.count), frame.address(source), Int64(frame.stride(source)), parameter, 0,
      frame.address(output))
  }
}
