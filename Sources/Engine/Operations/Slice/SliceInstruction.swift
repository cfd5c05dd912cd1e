import CKernels

struct SliceInstruction: BitwiseCopyable {
  private let pixels: Int
  private let channels: Int64
  private let first: Int64
  private let count: Int64
  private let source: Operand
  private let output: Operand

  init(_ slice: ChannelSlice, _ site: Site) {
    pixels = site.node.shape.pixels
    channels = Int64(site.inputShapes[0].channels)
    first = Int64(slice.channels.lowerBound)
    count = Int64(slice.channels.count)
    source = site.inputs[0]
    output = site.output
  }

  /// The first pixel: a picture's numbers are one row of it.
  init(firstPixel site: Site) {
    pixels = 1
    channels = Int64(site.inputShapes[0].count)
    first = 0
    count = Int64(site.node.shape.count)
    source = site.inputs[0]
    output = site.output
  }

  func run(_ frame: Frame) {
    plumb_slice_channels(Int64(frame.rows(output) * pixels), channels, first, count, frame.address(source), frame.address(output))
  }
}
