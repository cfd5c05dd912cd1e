import Foundation

@testable import Engine

extension OracleMath {
  static func gelu(_ x: Double, _ approximation: GELUApproximation) -> Double {
    switch approximation {
    case .none: x / 2 * erfc(-x / sqrt(2))
    case .tanh: x / 2 * (1 + tanh(sqrt(2 / .pi) * (x + 0.044715 * x * x * x)))
    }
  }

  static func layerNorm(_ x: [Double], _ channels: Int, _ epsilon: Double, _ weight: [Double]?, _ bias: [Double]?) -> [Double] {
    stride(from: 0, to: x.count, by: channels).flatMap { (start: Int) -> [Double] in
      let row = x[start..<start + channels]
      let mean = row.reduce(0, +) / Double(channels)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(channels)
      return row.enumerated().map { ($1 - mean) / sqrt(variance + epsilon) * (weight?[$0] ?? 1) + (bias?[$0] ?? 0) }
    }
  }
}
