import CKernels

/// A product, number by number, or of every pixel with a vector.
struct MultiplyInstruction: BitwiseCopyable {
  private let isByVector: Bool
  private let pixels: Int64
  private let channels: Int64
  private let first: Operand
  private let second: Operand
  private let output: Operand

  init(isByVector: Bool, _ site: Site) {
    self.isByVector = isByVector
    pixels = Int64(site.node.shape.pixels)
    channels = Int64(site.node.shape.channels)
    first = site.inputs[0]
    second = site.inputs[1]
    output = site.output
  }

  func run(_ frame: Frame) {
    let (rows, a, b, y) = (Int64(frame.rows(output)), frame.address(first), frame.address(second), frame.address(output))
    if isByVector {
      plumb_multiply_vector(rows, pixels, channels, a, b, Int64(frame.stride(second)), y)
    } else {
      plumb_multiply_rows(rows, Int64(output.count), a, Int64(frame.stride(first)), b, Int64(frame.stride(second)), y)
    }
  }
}
