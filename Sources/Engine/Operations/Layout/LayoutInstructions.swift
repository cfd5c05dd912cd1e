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
    plumb_concatenate(
      Int64(frame.rows(output) * pixels), firstChannels, frame.address(first), secondChannels, frame.address(second), frame.address(output))
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
