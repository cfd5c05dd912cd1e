import CKernels

struct FilterInstruction: BitwiseCopyable {
  private let direction: FilterResampling.Direction
  private let shape: plumb_filter_shape
  private let source: Operand
  private let output: Operand
  private let taps: UnsafePointer<Float>

  init(_ filter: FilterResampling, _ site: Site) {
    direction = filter.direction
    var shape = plumb_filter_shape()
    if case .image(let height, let width, let channels) = site.inputShapes[0] {
      (shape.height, shape.width, shape.channels) = (Int64(height), Int64(width), Int64(channels))
    }
    if case .image(let height, let width, _) = site.node.shape {
      (shape.output_height, shape.output_width) = (Int64(height), Int64(width))
    }
    (shape.length, shape.padding) = (Int64(filter.length), Int64(filter.padding))
    self.shape = shape
    source = site.inputs[0]
    output = site.output
    taps = site.constants[0]
  }

  func run(_ frame: Frame) {
    let kernel = direction == .up ? plumb_filter_up : plumb_filter_down
    withUnsafePointer(to: shape) { shape in
      kernel(shape, Int64(frame.rows(output)), frame.address(source), taps, frame.address(output))
    }
  }
}
