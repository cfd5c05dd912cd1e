import Engine

extension Convolution: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    guard case .image(let height, let width, let channels) = site.source, case .image(_, let resultWidth, let outputs) = site.result else {
      return []
    }
    let (x, weights, biases) = (site.x, site.parameter(weight), bias.map(site.parameter))
    let (kernelHeight, kernelWidth) = (kernelHeight, kernelWidth)
    let taps = kernelHeight * kernelWidth
    return (0..<site.result.count).map { index in
      let (o, pixel) = (index % outputs, index / outputs)
      let top = pixel / resultWidth * stride - padding
      let left = pixel % resultWidth * stride - padding
      var sum = biases?[o] ?? 0
      for ky in 0..<kernelHeight where (0..<height).contains(top + ky) {
        for kx in 0..<kernelWidth where (0..<width).contains(left + kx) {
          let (place, tap) = (((top + ky) * width + left + kx) * channels, ky * kernelWidth + kx)
          for c in 0..<channels {
            // Of an adjoint the kernel is turned over, and its input channels are the weight's outputs.
            let weight = isAdjoint ? (c * outputs + o) * taps + taps - 1 - tap : (o * channels + c) * taps + tap
            sum += x[place + c] * weights[weight]
          }
        }
      }
      return sum
    }
  }
}

extension FilterResampling: ReferenceOperation {
  /// Tap by tap, from the definition of the (transposed) convolution.
  func evaluate(_ site: ReferenceSite) -> [Double] {
    guard case .image(let height, let width, let channels) = site.source,
      case .image(let resultHeight, let resultWidth, _) = site.result
    else { return [] }
    let (x, taps, isUp) = (site.x, site.parameter(taps), direction == .up)
    let (fine, coarse) = isUp ? ((resultHeight, resultWidth), (height, width)) : ((height, width), (resultHeight, resultWidth))
    var y = [Double](repeating: 0, count: site.result.count)
    // Place (row, column) of the coarse picture touches the square of the fine one that begins at 2 * place - padding.
    for row in 0..<coarse.0 {
      for column in 0..<coarse.1 {
        for tap in 0..<length * length {
          let fineRow = 2 * row - padding + tap / length
          let fineColumn = 2 * column - padding + tap % length
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
}

extension Resampling: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    guard case .image(_, let width, let channels) = site.source, case .image(_, let resultWidth, _) = site.result else { return [] }
    let x = site.x
    func at(_ row: Int, _ column: Int, _ c: Int) -> Double { x[(row * width + column) * channels + c] }
    return (0..<site.result.count).map { index in
      let (c, row, column) = (index % channels, index / channels / resultWidth, index / channels % resultWidth)
      if self == .mean { return stride(from: c, to: x.count, by: channels).reduce(0.0) { $0 + x[$1] } / Double(site.source.pixels) }
      if self == .upsampleNearest2x { return at(row / 2, column / 2, c) }
      let four = [(0, 0), (0, 1), (1, 0), (1, 1)].map { at(2 * row + $0.0, 2 * column + $0.1, c) }
      return self == .averagePool2x2 ? four.reduce(0, +) / 4 : four.max() ?? 0
    }
  }
}
