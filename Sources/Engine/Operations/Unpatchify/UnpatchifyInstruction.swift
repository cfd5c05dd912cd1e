import CKernels

struct UnpatchifyInstruction: BitwiseCopyable {
  /// Rows of patches of one sample, and patches in each.
  private let height: Int
  private let width: Int64
  private let patch: Int64
  private let channels: Int64
  private let source: Operand
  private let output: Operand

  init(_ unpatchify: Unpatchify, _ site: Site) {
    if case .image(let height, let width, _) = site.inputShapes[0] {
      (self.height, self.width) = (height, Int64(width))
    } else {
      (height, width) = (0, 0)
    }
    patch = Int64(unpatchify.patch)
    channels = Int64(unpatchify.channels)
    source = site.inputs[0]
    output = site.output
  }

  func run(_ frame: Frame) {
    plumb_unpatchify(Int64(frame.rows(output) * height), width, patch, channels, frame.address(source), frame.address(output))
  }
}
