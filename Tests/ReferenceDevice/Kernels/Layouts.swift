import Engine

extension ChannelSlice: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    site.x.enumerated().filter { channels.contains($0.offset % site.source.channels) }.map(\.element)
  }
}

extension Concatenate: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let (a, b) = (site.shapes[0].channels, site.shapes[1].channels)
    return (0..<site.result.count).map { index in
      let (pixel, channel) = (index / (a + b), index % (a + b))
      return channel < a ? site.operands[0][pixel * a + channel] : site.operands[1][pixel * b + channel - a]
    }
  }
}

extension Flatten: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { ReferenceEvaluation.channelsFirst(site.x, site.source) }
}

extension FirstPixel: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { Array(site.x.prefix(site.result.count)) }
}

extension Unpatchify: ReferenceOperation {
  /// Number by number of the result.
  func evaluate(_ site: ReferenceSite) -> [Double] {
    guard case .image(let height, let width, let channels) = site.result else { return [] }
    var y: [Double] = []
    for row in 0..<height {
      for column in 0..<width {
        let token = row / patch * (width / patch) + column / patch
        let place = row % patch * patch + column % patch
        for channel in 0..<channels { y.append(site.x[(token * patch * patch + place) * channels + channel]) }
      }
    }
    return y
  }
}

extension NearestRow: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let (x, rows, width) = (site.x, site.parameter(table), table.shape[1])
    return stride(from: 0, to: x.count, by: width).flatMap { (start: Int) -> [Double] in
      let distances = stride(from: 0, to: rows.count, by: width).map { (row: Int) -> Double in
        (0..<width).reduce(0) { $0 + (x[start + $1] - rows[row + $1]) * (x[start + $1] - rows[row + $1]) }
      }
      let index = distances.indices.min { distances[$0] < distances[$1] } ?? 0
      return gives == .index ? [Double(index)] : Array(rows[index * width..<(index + 1) * width])
    }
  }
}

extension TokenPool: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let (x, places, channels, pixels) = (site.x, site.parameter(positions), site.source.channels, site.source.pixels)
    return (0..<site.result.count).map { index in
      let (token, c) = (index / channels, index % channels)
      let mean = stride(from: c, to: x.count, by: channels).reduce(0.0) { $0 + x[$1] } / Double(pixels)
      return (token == 0 ? mean : x[(token - 1) * channels + c]) + places[c * (pixels + 1) + token]
    }
  }
}
