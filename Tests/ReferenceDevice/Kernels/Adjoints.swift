import Engine
import Foundation

extension Ones: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { [Double](repeating: 1, count: site.result.count) }
}

extension ActivationAdjoint: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    zip(site.x, site.gradient).map { x, gradient in
      switch self {
      case .relu: return x > 0 ? gradient : 0
      case .silu:
        let sigmoid = 1 / (1 + exp(-x))
        return gradient * sigmoid * (1 + x * (1 - sigmoid))
      }
    }
  }
}

extension MeanAdjoint: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    (0..<site.result.count).map { site.gradient[$0 % site.result.channels] / Double(site.result.pixels) }
  }
}

extension SliceAdjoint: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let width = site.source.channels
    return (0..<site.result.count).map { index in
      let (pixel, channel) = (index / channels, index % channels - first)
      return (0..<width).contains(channel) ? site.gradient[pixel * width + channel] : 0
    }
  }
}

extension FirstPixelAdjoint: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    (0..<site.result.count).map { $0 < site.gradient.count ? site.gradient[$0] : 0 }
  }
}

extension TokenPoolAdjoint: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let (channels, pixels) = (site.result.channels, site.result.pixels)
    return (0..<site.result.count).map { site.gradient[$0 + channels] + site.gradient[$0 % channels] / Double(pixels) }
  }
}

extension InsertZeros: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    guard case .image(_, let columns, let channels) = site.source else { return [] }
    var y = [Double](repeating: 0, count: site.result.count)
    for (index, value) in site.x.enumerated() {
      let (pixel, c) = (index / channels, index % channels)
      y[(pixel / columns * stride * width + pixel % columns * stride) * channels + c] = value
    }
    return y
  }
}
