import Engine

/// A kernel over pictures and one vector for each of them: [count, pixels, channels] and rows of the vector `stride` floats apart.
struct VectorInstruction: Instruction {
  typealias Kernel =
    @convention(c) (
      _ count: Int64, _ pixels: Int64, _ channels: Int64, _ source: UnsafePointer<Float>?, _ vector: UnsafePointer<Float>?,
      _ stride: Int64, _ output: UnsafeMutablePointer<Float>?
    ) -> Void

  private let kernel: Kernel
  private let extents: Extents
  private let source: Operand
  private let vector: Operand
  private let output: Operand

  /// `site` has the pictures and the vector as its inputs, in this order.
  init(_ site: Site, _ kernel: Kernel) {
    self.kernel = kernel
    (extents, source, vector, output) = (Extents(site.shape), site.inputs[0], site.inputs[1], site.output)
  }

  func run(_ frame: Frame) {
    kernel(
      Int64(frame.rows(output)), extents.pixels, extents.channels, frame.address(source), frame.address(vector),
      Int64(frame.stride(vector)), frame.address(output))
  }
}
