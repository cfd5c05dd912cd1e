import Engine

/// A kernel that spreads a gradient over the pixels of a picture: the adjoint of one that pools them.
struct SpreadInstruction: Instruction {
  typealias Kernel =
    @convention(c) (
      _ count: Int64, _ pixels: Int64, _ channels: Int64, _ gradient: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>?
    ) -> Void

  private let kernel: Kernel
  private let extents: Extents
  private let gradient: Operand
  private let output: Operand

  /// `site` has the gradient as its input.
  init(_ site: Site, _ kernel: Kernel) {
    self.kernel = kernel
    (extents, gradient, output) = (Extents(site.shape), site.inputs[0], site.output)
  }

  func run(_ frame: Frame) {
    kernel(Int64(frame.rows(output)), extents.pixels, extents.channels, frame.address(gradient), frame.address(output))
  }
}
