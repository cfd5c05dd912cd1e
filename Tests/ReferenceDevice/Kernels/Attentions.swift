import Engine
import Foundation

extension Attention: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let places = HeadPlaces(self, site.source)
    var y = [Double](repeating: 0, count: site.result.count)
    for head in 0..<heads {
      for t in 0..<places.tokens {
        let weights = places.weights(site.x, token: t, head: head)
        for c in 0..<places.width {
          for (s, weight) in weights.enumerated() {
            y[t * places.channels + head * places.width + c] += weight * site.x[places.place(2, s, head, c)]
          }
        }
      }
    }
    return y
  }
}

extension AttentionAdjoint: ReferenceOperation {
  /// With p the weights of a row and d the gradients of the weights: scores get `p (d - sum(p d))`.
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let places = HeadPlaces(attention, site.source)
    let (x, dy, tokens) = (site.x, site.gradient, places.tokens)
    var dx = [Double](repeating: 0, count: x.count)
    for head in 0..<attention.heads {
      for t in 0..<tokens {
        let weights = places.weights(x, token: t, head: head)
        func gradient(_ c: Int) -> Double { dy[t * places.channels + head * places.width + c] }
        let slopes = (0..<tokens).map { s in
          (0..<places.width).reduce(0.0) { $0 + gradient($1) * x[places.place(2, s, head, $1)] }
        }
        let mean = zip(weights, slopes).reduce(0) { $0 + $1.0 * $1.1 }
        for s in 0..<tokens {
          let score = weights[s] * (slopes[s] - mean) / sqrt(Double(places.width))
          for c in 0..<places.width {
            dx[places.place(0, t, head, c)] += score * x[places.place(1, s, head, c)]
            dx[places.place(1, s, head, c)] += score * x[places.place(0, t, head, c)]
            dx[places.place(2, s, head, c)] += weights[s] * gradient(c)
          }
        }
      }
    }
    return dx
  }
}

/// Where queries (part 0), keys (1) and values (2) of a picture lie.
private struct HeadPlaces {
  let tokens: Int
  let channels: Int
  let width: Int
  private let heads: Int
  private let order: AttentionOrder

  init(_ attention: Attention, _ shape: ValueShape) {
    tokens = shape.pixels
    channels = shape.channels / 3
    width = channels / attention.heads
    heads = attention.heads
    order = attention.order
  }

  func place(_ part: Int, _ token: Int, _ head: Int, _ c: Int) -> Int {
    let channel =
      switch order {
      case .partsThenHeads: part * channels + head * width + c
      case .headsThenParts: (head * 3 + part) * width + c
      case .headsThenChannelsThenParts: (head * width + c) * 3 + part
      }
    return token * 3 * channels + channel
  }

  /// The softmax of a token's scores.
  func weights(_ x: [Double], token: Int, head: Int) -> [Double] {
    softmax(
      (0..<tokens).map { (s: Int) -> Double in
        var sum = 0.0
        for c in 0..<width { sum += x[place(0, token, head, c)] * x[place(1, s, head, c)] }
        return sum / sqrt(Double(width))
      })
  }
}

func softmax(_ scores: [Double]) -> [Double] {
  let most = scores.max() ?? 0
  let weights = scores.map { exp($0 - most) }
  let total = weights.reduce(0, +)
  return weights.map { $0 / total }
}

extension CrossAttention: ReferenceOperation {
  /// softmax(q k^T / sqrt(width)) v, head by head.
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let (queries, keys, values) = (site.operands[0], site.operands[1], site.operands[2])
    let (channels, tokens) = (site.source.channels, site.shapes[1].pixels)
    let width = channels / heads
    var y = [Double](repeating: 0, count: queries.count)
    for t in 0..<site.source.pixels {
      for head in 0..<heads {
        let range = head * width..<(head + 1) * width
        let weights = softmax(
          (0..<tokens).map { s in
            range.reduce(0.0) { $0 + queries[t * channels + $1] * keys[s * channels + $1] } / sqrt(Double(width))
          })
        for c in range { for s in 0..<tokens { y[t * channels + c] += weights[s] * values[s * channels + c] } }
      }
    }
    return y
  }
}
