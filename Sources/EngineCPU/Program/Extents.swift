import Engine

/// Rows, columns and channels of a value of one sample, as kernels take them; a vector is one pixel.
struct Extents: BitwiseCopyable {
  let height: Int64
  let width: Int64
  let channels: Int64

  init(_ shape: ValueShape) {
    if case .image(let height, let width, let channels) = shape {
      (self.height, self.width, self.channels) = (Int64(height), Int64(width), Int64(channels))
    } else {
      (height, width, channels) = (1, 1, Int64(shape.count))
    }
  }

  var pixels: Int64 { height * width }
}
