import CKernels

struct ConcatenateInstruction: BitwiseCopyable {
  private let pixels: Int
  private let firstChannels: Int64
  private let secondChannels: Int64
  private let first: Operand
  private let second: Operand
  private let output: Operand

  init(_ site: Site) {
    pixels = site.node.shape.pixels
    firstChannels = Int64(site.inputShapes[0].channels)
    secondChannels = Int64(site.inputShapes[1].channels)
    first = site.inputs[0]
    second = site.inputs[1]
    output = site.output
  }

  func run(_ frame: Frame) {
    let (a, b, y) = (frame.address(first), frame.address(second), frame.address(output))
    let rows = frame.rows(output)
    // One vector for all samples beside one for each.
    if rows > 1, frame.stride(first) == 0 || frame.stride(second) == 0 {
      for row in 0..<rows {
        plumb_concatenate(
          1, firstChannels, a + row * frame.stride(first), secondChannels, b + row * frame.stride(second), y + row * output.count)
      }
    } else {
      plumb_concatenate(Int64(rows * pixels), firstChannels, a, secondChannels, b, y)
    }
  }
}

struct FlattenInstruction: BitwiseCopyable {
  private let pixels: Int64
  private let channels: Int64
  private let source: Operand
  private let output: Operand

  init(_ site: Site) {
    pixels = Int64(site.inputShapes[0].pixels)
    channels = Int64(site.inputShapes[0].channels)
    source = site.inputs[0]
    output = site.output
  }

  func run(_ frame: Frame) {
    plumb_channels_first(
      Int64(frame.rows(output)), channels, pixels, frame.address(source), Int64(frame.stride(source)), frame.address(output))
  }
}
