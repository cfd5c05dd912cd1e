import CKernels

struct ResampleInstruction: BitwiseCopyable {
  private let resampling: Resampling
  private let height: Int64
  private let width: Int64
  private let channels: Int64
  private let source: Operand
  private let output: Operand

  init(_ resampling: Resampling, _ site: Site) {
    self.resampling = resampling
    if case .image(let height, let width, let channels) = site.inputShapes[0] {
      (self.height, self.width, self.channels) = (Int64(height), Int64(width), Int64(channels))
    } else {
      (height, width, channels) = (0, 0, 0)
    }
    source = site.inputs[0]
    output = site.output
  }

  func run(_ frame: Frame) {
    let count = Int64(frame.rows(output))
    let (x, y) = (frame.address(source), frame.address(output))
    switch resampling {
    case .upsampleNearest2x: plumb_upsample_nearest_2x(count, height, width, channels, x, y)
    case .averagePool2x2: plumb_average_pool_2x2(count, height, width, channels, x, y)
    case .mean: plumb_mean_of_pixels(count, height, width, channels, x, y)
    case .maxPool2x2: plumb_max_pool_2x2(count, height, width, channels, x, y)
    }
  }
}
