import Basics
import Foundation

extension BetaSchedule {
  /// The betas of a process of `steps` training steps, float64.
  ///
  /// Throws when a beta leaves (0, 1], as the linear schedule does with fewer than 21 steps.
  public func betas(steps: Int) throws -> [Double] {
    guard steps > 0 else { throw PlumbError("a diffusion process needs at least one step", kind: .input, found: "\(steps)") }
    let betas: [Double]
    switch shape {
    case .linear: betas = Self.even(1000 / Double(steps) * 0.0001, 1000 / Double(steps) * 0.02, steps)
    case .cosine: betas = Self.cosine(steps, offset: 0.008)
    case .ldmCosine: betas = Self.cosine(steps, offset: offset)
    case .ldmLinear, .ddimQuad: betas = Self.even(start.squareRoot(), end.squareRoot(), steps).map { $0 * $0 }
    case .ldmSqrtLinear, .ddimLinear: betas = Self.even(start, end, steps)
    case .ldmSqrt: betas = Self.even(start, end, steps).map { $0.squareRoot() }
    case .ddimConst: betas = Array(repeating: end, count: steps)
    case .ddimJsd: betas = (0..<steps).map { 1 / Double(steps - $0) }
    case .ddimSigmoid: betas = Self.even(-6, 6, steps).map { 1 / (exp(-$0) + 1) * (end - start) + start }
    }
    if let index = betas.firstIndex(where: { !($0 > 0 && $0 <= 1) }) {
      throw PlumbError(
        "the \(shape.rawValue) schedule does not fit \(steps) steps", kind: .input, at: "beta \(index)", expected: "a number in (0, 1]",
        found: "\(betas[index])")
    }
    return betas
  }

  /// `count` equally spaced values, both ends included.
  static func even(_ first: Double, _ last: Double, _ count: Int) -> [Double] {
    guard count > 1 else { return [first] }
    let stride = (last - first) / Double(count - 1)
    return (0..<count).map { $0 == count - 1 ? last : Double($0) * stride + first }
  }

  private static func cosine(_ steps: Int, offset: Double) -> [Double] {
    func signal(_ time: Double) -> Double {
      let root = cos((time + offset) / (1 + offset) * .pi / 2)
      return root * root
    }
    return (0..<steps).map { step in
      min(1 - signal(Double(step + 1) / Double(steps)) / signal(Double(step) / Double(steps)), 0.999)
    }
  }
}
