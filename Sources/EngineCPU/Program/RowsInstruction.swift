/// A kernel over two rows of numbers for each sample, which lie their `stride` apart.
struct RowsInstruction: Instruction {
  typealias Kernel =
    @convention(c) (
      _ count: Int64, _ width: Int64, _ first: UnsafePointer<Float>?, _ firstStride: Int64, _ second: UnsafePointer<Float>?,
      _ secondStride: Int64, _ output: UnsafeMutablePointer<Float>?
    ) -> Void

  private let kernel: Kernel
  private let first: Operand
  private let second: Operand
  private let output: Operand

  /// `site` has the two as its inputs.
  init(_ site: Site, _ kernel: Kernel) {
    self.kernel = kernel
    (first, second, output) = (site.inputs[0], site.inputs[1], site.output)
  }

  func run(_ frame: Frame) {
    kernel(
      Int64(frame.rows(output)), Int64(output.count), frame.address(first), Int64(frame.stride(first)), frame.address(second),
      Int64(frame.stride(second)), frame.address(output))
  }
}
