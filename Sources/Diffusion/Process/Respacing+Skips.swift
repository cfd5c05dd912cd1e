import Basics

/// The rules of ermongroup/ddim (`runners/diffusion.py`, `sample_image`) and of latent diffusion (`make_ddim_timesteps`).
extension Respacing {
  static func uniform(_ steps: Int, count: Int, plusOne: Bool) throws -> [Int] {
    try check(count, of: steps)
    let kept = Array(stride(from: 0, to: steps, by: steps / count))
    return plusOne ? try shifted(kept, steps: steps, count: count) : kept
  }

  static func quadratic(_ steps: Int, count: Int, plusOne: Bool) throws -> [Int] {
    try check(count, of: steps)
    let roots = BetaSchedule.even(0, (Double(steps) * 0.8).squareRoot(), count)
    let kept = roots.map { Int($0 * $0) }
    return plusOne ? try shifted(kept, steps: steps, count: count) : kept
  }

  static func check(_ count: Int, of steps: Int) throws {
    guard count > 0, count <= steps else {
      throw PlumbError("respacing cannot take so many steps", kind: .input, expected: "1 to \(max(steps, 1))", found: "\(count)")
    }
  }

  /// Where the last step would be T, the original fails at its table.
  private static func shifted(_ kept: [Int], steps: Int, count: Int) throws -> [Int] {
    guard let last = kept.last, last + 1 < steps else {
      throw PlumbError(
        "with this count latent diffusion's steps run past the last one, \(steps - 1)", kind: .input,
        expected: "a count for which \(steps) / count, without its fraction, does not divide \(steps - 1)", found: "\(count)")
    }
    return kept.map { $0 + 1 }
  }
}
