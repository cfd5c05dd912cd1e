import Basics
import Foundation

/// How an image is noised in training: x = x_0 + n.
public enum Perturbation: Sendable, Hashable {
  /// n = sigma z.
  case gaussian
  /// PFGM++ (Xu et al. 2023, arXiv:2302.04265) in D further dimensions, r = sigma sqrt(D): n = R u with u uniform on the unit
  /// sphere of R^N and R = r sqrt(b / (1 - b)), b ~ Beta(N/2, D/2).
  ///
  /// A Beta draw of half-integer arguments is X / (X + Y) of two chi-squared ones of N and D degrees, so b / (1 - b) = X / Y is
  /// drawn from N + D normals of the counter-based stream, exactly. E[X / Y] = N / (D - 2), so a pixel of n has the variance r² /
  /// (D - 2) = sigma² D / (D - 2): what stands for sigma² in delta_t. The training code's clipping of b to [0.001, 0.999] moves it by
  /// less than a part in a thousand at D of 128 and more, and is not made here.
  case poissonFlow(dimensions: Int)

  /// The variance of a pixel of n. Throws when it has none.
  package func variance(sigma: Double) throws -> Double {
    switch self {
    case .gaussian: return sigma * sigma
    case .poissonFlow(let dimensions):
      guard dimensions > 2 else {
        throw PlumbError("PFGM++ needs a variance", kind: .input, at: "D", expected: "at least 3", found: "\(dimensions)")
      }
      return sigma * sigma * Double(dimensions) / Double(dimensions - 2)
    }
  }

  /// Fills `noise` with n / sigma of a sample, in float64 from float32 normals as the originals compute it. The directions
  /// are the normals of `purpose`, so that plain diffusion and PFGM++ of one seed share them.
  package func fill(
    _ noise: UnsafeMutableBufferPointer<Double>, sample: Int, purpose: NoisePurpose, step: Int, from source: any NoiseSource
  ) throws {
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: noise.count) { normals in
      normals.initialize(repeating: 0)
      try source.normals(into: normals, sample: sample, purpose: purpose, step: step)
      switch self {
      case .gaussian:
        for element in noise.indices { noise[element] = Double(normals[element]) }
      case .poissonFlow(let dimensions):
        let ratio = try Self.ratio(
          noise.count, dimensions, sample: sample, purpose: purpose == .start ? .startRadius : .forwardRadius, step: step, from: source)
        let radius = Self.radius(inverseBeta: ratio, r: Double(dimensions).squareRoot())
        let direction = Self.direction(UnsafeBufferPointer(normals))
        for element in noise.indices { noise[element] = Double(direction[element]) * radius }
      }
    }
  }

  /// X / Y of chi-squared draws with `elements` and `dimensions` degrees of freedom.
  private static func ratio(
    _ elements: Int, _ dimensions: Int, sample: Int, purpose: NoisePurpose, step: Int, from source: any NoiseSource
  ) throws -> Double {
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: elements + dimensions) { normals in
      normals.initialize(repeating: 0)
      try source.normals(into: normals, sample: sample, purpose: purpose, step: step)
      let squares = normals.map { Double($0) * Double($0) }
      return squares[..<elements].reduce(0, +) / squares[elements...].reduce(0, +)
    }
  }

  /// R for b / (1 - b) at r: the prior has neither clipping nor small constant.
  public static func radius(inverseBeta: Double, r: Double) -> Double { inverseBeta.squareRoot() * r }

  /// u = g / |g|, in float32.
  public static func direction(_ gaussian: UnsafeBufferPointer<Float>) -> [Float] {
    let norm = Float(gaussian.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
    return gaussian.map { $0 / norm }
  }
}

/// The radius of PFGM++'s noise as its training code computes it (`training/loss.py`): with the Beta draw clipped and small
/// constants against division by zero.
public struct TrainingRadius: Sendable, Hashable {
  /// sigma sqrt(D).
  public let r: Double
  public let inverseBeta: Double
  public let radius: Double

  public init(beta: Double, r: Double) {
    self.r = r
    let clipped = min(max(beta, 1e-3), 1 - 1e-3)
    inverseBeta = clipped / (1 - clipped + 1e-8)
    radius = r * (inverseBeta + 1e-8).squareRoot()
  }
}
