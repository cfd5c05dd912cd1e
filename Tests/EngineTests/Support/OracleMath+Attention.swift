import Foundation

@testable import Engine

extension OracleMath {
  /// softmax(q k^T / sqrt(width)) v, head by head; `shapes` are those of the three operands.
  static func attend(
    _ attention: CrossAttention, queries: [Double], keys: [Double], values: [Double], _ shapes: [ValueShape]
  ) -> [Double] {
    let channels = shapes[0].channels
    let width = channels / attention.heads
    return (0..<queries.count).map { index in
      let (t, c, head) = (index / channels, index % channels, index % channels / width * width)
      let scores = (0..<shapes[1].pixels).map { (s: Int) -> Double in
        var sum = 0.0
        for d in head..<head + width { sum += queries[t * channels + d] * keys[s * channels + d] }
        return sum / sqrt(Double(width))
      }
      let most = scores.max() ?? 0
      let weights = scores.map { exp($0 - most) }
      var sum = 0.0
      for (s, weight) in weights.enumerated() { sum += weight * values[s * channels + c] }
      return sum / weights.reduce(0, +)
    }
  }

  /// The nearest row of `table` to every pixel, or its number.
  static func nearestRow(_ nearest: NearestRow, _ x: [Double], _ table: [Double]) -> [Double] {
    let width = nearest.table.shape[1]
    return stride(from: 0, to: x.count, by: width).flatMap { (start: Int) -> [Double] in
      let distances = stride(from: 0, to: table.count, by: width).map { (row: Int) -> Double in
        (0..<width).reduce(0) { $0 + (x[start + $1] - table[row + $1]) * (x[start + $1] - table[row + $1]) }
      }
      let index = distances.indices.min { distances[$0] < distances[$1] } ?? 0
      return nearest.gives == .index ? [Double(index)] : Array(table[index * width..<(index + 1) * width])
    }
  }
}
