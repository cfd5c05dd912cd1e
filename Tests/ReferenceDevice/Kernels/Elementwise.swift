import Engine
import Foundation

extension Activation: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { site.x.map(of) }

  /// The function of one number.
  package func of(_ x: Double) -> Double {
    switch self {
    case .silu: x / (1 + exp(-x))
    case .relu: max(x, 0)
    case .gelu: x / 2 * erfc(-x / sqrt(2))
    case .geluTanh: x / 2 * (1 + tanh(sqrt(2 / .pi) * (x + 0.044715 * x * x * x)))
    }
  }
}

extension Add: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { zip(site.x, site.operands[1]).map(+) }
}

extension Multiply: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { zip(site.x, site.operands[1]).map(*) }
}

extension Scale: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { site.x.map { $0 * Double(factor) } }
}

extension AddVector: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { site.x.enumerated().map { $1 + site.operands[1][$0 % site.source.channels] } }
}

extension MultiplyVector: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { site.x.enumerated().map { $1 * site.operands[1][$0 % site.source.channels] } }
}

extension Modulate: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let (scaleShift, channels) = (site.operands[1], site.source.channels)
    return site.x.enumerated().map { $1 * (1 + scaleShift[$0 % channels]) + scaleShift[channels + $0 % channels] }
  }
}

extension AddParameter: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { zip(site.x, site.parameter(parameter)).map(+) }
}
