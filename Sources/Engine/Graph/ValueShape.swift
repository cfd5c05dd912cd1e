/// The shape of a value of one sample; the batch is a matter of the compiled network, not of the graph.
public enum ValueShape: Hashable, Sendable {
  /// A picture; inside the engine it lies as `[height, width, channels]` (NHWC with the batch).
  case image(height: Int, width: Int, channels: Int)
  /// A row of floats.
  case vector(Int)
  /// One float: a timestep, or a class index stored as a float.
  case scalar

  /// Floats of one sample. The verifier has seen that the product fits.
  public var count: Int {
    switch self {
    case .image(let height, let width, let channels): height * width * channels
    case .vector(let count): count
    case .scalar: 1
    }
  }

  /// Channels of a picture, width of a vector, 1 for a scalar.
  public var channels: Int {
    switch self {
    case .image(_, _, let channels): channels
    case .vector(let count): count
    case .scalar: 1
    }
  }

  /// Picture elements; 1 for everything else.
  public var pixels: Int {
    if case .image(let height, let width, _) = self { height * width } else { 1 }
  }

  /// The same extent with other channels; a vector of that many numbers for what is no picture.
  package func with(channels: Int) -> ValueShape {
    if case .image(let height, let width, _) = self { .image(height: height, width: width, channels: channels) } else { .vector(channels) }
  }

  /// Extents are positive, at most 2^24 pixels and 2^28 floats: no later offset or count of work can leave an Int.
  var isSound: Bool {
    let extents: [Int]
    switch self {
    case .image(let height, let width, let channels): extents = [height, width, channels]
    case .vector(let count): extents = [count]
    case .scalar: return true
    }
    var product = 1
    for extent in extents {
      guard extent > 0 else { return false }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow, next <= 1 << 28 else { return false }
      product = next
    }
    return pixels <= 1 << 24
  }
}

extension ValueShape: CustomStringConvertible {
  public var description: String {
    switch self {
    case .image(let height, let width, let channels): "image \(height)x\(width), \(channels) channels"
    case .vector(let count): "vector of \(count)"
    case .scalar: "scalar"
    }
  }
}
