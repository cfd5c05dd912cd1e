import Foundation

@testable import Engine

/// The formulas of the oracle, on one sample.
enum OracleMath {
  static func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }

  static func embed(_ t: Double, _ embedding: TimestepEmbedding) -> [Double] {
    let angles = (0..<embedding.width / 2).map { k in t * exp(-log(embedding.maxPeriod) * Double(k) / Double(embedding.halfDivisor)) }
    let values = halves(angles, embedding.order)
    return values + [Double](repeating: 0, count: embedding.width - values.count)
  }

  private static func halves(_ angles: [Double], _ order: EmbeddingOrder) -> [Double] {
    let (cosines, sines) = (angles.map { cos($0) }, angles.map { sin($0) })
    return order == .cosineFirst ? cosines + sines : sines + cosines
  }

  static func fourier(_ t: Double, _ frequencies: [Double], _ order: EmbeddingOrder) -> [Double] {
    halves(frequencies.map { t * 2 * .pi * $0 }, order)
  }

  /// Tap by tap, from the definition of the (transposed) convolution.
  static func filter(
    _ filter: FilterResampling, _ x: [Double], _ source: ValueShape, _ result: ValueShape, _ taps: [Double]
  ) -> [Double] {
    guard case .image(let height, let width, let channels) = source, case .image(let resultHeight, let resultWidth, _) = result else {
      return []
    }
    let isUp = filter.direction == .up
    let (fine, coarse) = isUp ? ((resultHeight, resultWidth), (height, width)) : ((height, width), (resultHeight, resultWidth))
    var y = [Double](repeating: 0, count: result.count)
    // Place (row, column) of the coarse picture touches the square of the fine one that begins at 2 * place - padding.
    for row in 0..<coarse.0 {
      for column in 0..<coarse.1 {
        for tap in 0..<filter.length * filter.length {
          let fineRow = 2 * row - filter.padding + tap / filter.length
          let fineColumn = 2 * column - filter.padding + tap % filter.length
          guard (0..<fine.0).contains(fineRow), (0..<fine.1).contains(fineColumn) else { continue }
          for c in 0..<channels {
            let (a, b) = ((row * coarse.1 + column) * channels + c, (fineRow * fine.1 + fineColumn) * channels + c)
            if isUp { y[b] += 4 * taps[tap] * x[a] } else { y[a] += taps[tap] * x[b] }
          }
        }
      }
    }
    return y
  }

  static func row(_ index: Int, _ table: [Double], _ width: Int) -> [Double] { Array(table[index * width..<(index + 1) * width]) }

  static func linear(_ x: [Double], _ weight: [Double], _ bias: [Double]?) -> [Double] {
    (0..<weight.count / x.count).map { (o: Int) -> Double in
      var sum = bias?[o] ?? 0
      for (i, value) in x.enumerated() { sum += weight[o * x.count + i] * value }
      return sum
    }
  }

  static func modulate(_ x: [Double], _ scaleShift: [Double], _ channels: Int) -> [Double] {
    x.enumerated().map { $1 * (1 + scaleShift[$0 % channels]) + scaleShift[channels + $0 % channels] }
  }

  static func normalise(
    _ x: [Double], _ shape: ValueShape, _ groups: Int, _ epsilon: Double, _ weight: [Double], _ bias: [Double]
  ) -> [Double] {
    let width = shape.channels / groups
    var y = x
    for group in 0..<groups {
      let members = x.indices.filter { $0 % shape.channels / width == group }
      let mean = members.reduce(0) { $0 + x[$1] } / Double(members.count)
      let variance = members.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / Double(members.count)
      for index in members {
        y[index] = (x[index] - mean) / sqrt(variance + epsilon) * weight[index % shape.channels] + bias[index % shape.channels]
      }
    }
    return y
  }

  static func convolve(
    _ convolution: Convolution, _ x: [Double], _ source: ValueShape, _ result: ValueShape, _ weight: [Double], _ bias: [Double]?,
    _ residual: [Double]?
  ) -> [Double] {
    guard case .image(let height, let width, let channels) = source, case .image(_, let resultWidth, let outputs) = result else {
      return []
    }
    let (kernelHeight, kernelWidth) = (convolution.kernelHeight, convolution.kernelWidth)
    return (0..<result.count).map { index in
      let (o, pixel) = (index % outputs, index / outputs)
      let top = pixel / resultWidth * convolution.stride - convolution.padding
      let left = pixel % resultWidth * convolution.stride - convolution.padding
      var sum = (bias?[o] ?? 0) + (residual?[index] ?? 0)
      for ky in 0..<kernelHeight where (0..<height).contains(top + ky) {
        for kx in 0..<kernelWidth where (0..<width).contains(left + kx) {
          for c in 0..<channels {
            sum += x[((top + ky) * width + left + kx) * channels + c] * weight[((o * channels + c) * kernelHeight + ky) * kernelWidth + kx]
          }
        }
      }
      return sum
    }
  }

  static func resample(_ resampling: Resampling, _ x: [Double], _ source: ValueShape, _ result: ValueShape) -> [Double] {
    guard case .image(_, let width, let channels) = source, case .image(_, let resultWidth, _) = result else { return [] }
    func at(_ row: Int, _ column: Int, _ c: Int) -> Double { x[(row * width + column) * channels + c] }
    return (0..<result.count).map { index in
      let (c, row, column) = (index % channels, index / channels / resultWidth, index / channels % resultWidth)
      if resampling == .mean { return stride(from: c, to: x.count, by: channels).reduce(0.0) { $0 + x[$1] } / Double(source.pixels) }
      if resampling == .upsampleNearest2x { return at(row / 2, column / 2, c) }
      let four = [(0, 0), (0, 1), (1, 0), (1, 1)].map { at(2 * row + $0.0, 2 * column + $0.1, c) }
      return resampling == .averagePool2x2 ? four.reduce(0, +) / 4 : four.max() ?? 0
    }
  }

  static func attend(_ attention: Attention, _ qkv: [Double], _ shape: ValueShape) -> [Double] {
    let (tokens, channels) = (shape.pixels, shape.channels / 3)
    let width = channels / attention.heads
    func at(_ part: Int, _ token: Int, _ head: Int, _ c: Int) -> Double {
      let channel =
        switch attention.order {
        case .partsThenHeads: part * channels + head * width + c
        case .headsThenParts: (head * 3 + part) * width + c
        case .headsThenChannelsThenParts: (head * width + c) * 3 + part
        }
      return qkv[token * 3 * channels + channel]
    }
    var y = [Double](repeating: 0, count: tokens * channels)
    for head in 0..<attention.heads {
      for t in 0..<tokens {
        let scores = (0..<tokens).map { (s: Int) -> Double in
          var sum = 0.0
          for c in 0..<width { sum += at(0, t, head, c) * at(1, s, head, c) }
          return sum / sqrt(Double(width))
        }
        let most = scores.max() ?? 0
        let weights = scores.map { exp($0 - most) }
        let total = weights.reduce(0, +)
        for c in 0..<width {
          var sum = 0.0
          for (s, weight) in weights.enumerated() { sum += weight * at(2, s, head, c) }
          y[t * channels + head * width + c] = sum / total
        }
      }
    }
    return y
  }

  /// Number by number of the result.
  static func unpatchify(_ unpatchify: Unpatchify, _ x: [Double], _ result: ValueShape) -> [Double] {
    guard case .image(let height, let width, let channels) = result else { return [] }
    let patch = unpatchify.patch
    var y: [Double] = []
    for row in 0..<height {
      for column in 0..<width {
        let token = row / patch * (width / patch) + column / patch
        let place = row % patch * patch + column % patch
        for channel in 0..<channels { y.append(x[(token * patch * patch + place) * channels + channel]) }
      }
    }
    return y
  }

  static func concatenate(_ a: [Double], _ aChannels: Int, _ b: [Double], _ bChannels: Int) -> [Double] {
    var joined: [Double] = []
    for pixel in 0..<a.count / aChannels {
      joined += a[pixel * aChannels..<(pixel + 1) * aChannels]
      joined += b[pixel * bChannels..<(pixel + 1) * bChannels]
    }
    return joined
  }
}
