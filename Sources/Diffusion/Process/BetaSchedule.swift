import Basics
import Foundation

/// How much noise each training step adds.
public enum BetaSchedule: String, Sendable, Hashable, CaseIterable {
  /// beta rises in equal steps from 0.0001 s to 0.02 s with s = 1000 / T (Ho et al. 2020).
  case linear
  /// abar(u) = cos²((u + 0.008) / 1.008 · π/2) (Nichol and Dhariwal 2021), beta capped at 0.999.
  case cosine

  /// The betas of a process of `steps` training steps, float64.
  ///
  /// Throws when a beta leaves (0, 1], as the linear schedule does with fewer than 21 steps.
  public func betas(steps: Int) throws -> [Double] {
    guard steps > 0 else { throw PlumbError("a diffusion process needs at least one step", kind: .input, found: "\(steps)") }
    let betas: [Double]
    switch self {
    case .linear: betas = Self.linear(steps)
    case .cosine: betas = Self.cosine(steps)
    }
    if let index = betas.firstIndex(where: { !($0 > 0 && $0 <= 1) }) {
      throw PlumbError(
        "the \(rawValue) schedule does not fit \(steps) steps", kind: .input, at: "beta \(index)", expected: "a number in (0, 1]",
        found: "\(betas[index])")
    }
    return betas
  }

  private static func linear(_ steps: Int) -> [Double] {
    let scale = 1000 / Double(steps)
    let (first, last) = (scale * 0.0001, scale * 0.02)
    guard steps > 1 else { return [first] }
    let stride = (last - first) / Double(steps - 1)
    return (0..<steps).map { $0 == steps - 1 ? last : Double($0) * stride + first }
  }

  private static func cosine(_ steps: Int) -> [Double] {
    func signal(_ time: Double) -> Double {
      let root = cos((time + 0.008) / 1.008 * .pi / 2)
      return root * root
    }
    return (0..<steps).map { step in
      min(1 - signal(Double(step + 1) / Double(steps)) / signal(Double(step) / Double(steps)), 0.999)
    }
  }
}
