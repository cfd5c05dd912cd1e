import Basics
import Foundation

/// How much noise each training step adds.
///
/// Three projects give different things the same name, so theirs carry a prefix: `linear` of latent diffusion is linear in
/// the square root of beta, and what it calls `sqrt_linear` is linear.
public struct BetaSchedule: Sendable, Hashable {
  /// The curve of beta. Raw values are the names in pipelines.
  public enum Shape: String, Sendable, Hashable, CaseIterable {
    /// beta rises in equal steps from 0.0001 s to 0.02 s with s = 1000 / T (Ho et al. 2020; guided-diffusion and DiT).
    case linear
    /// abar(u) = cos²((u + 0.008) / 1.008 · π/2) (Nichol and Dhariwal 2021), beta capped at 0.999.
    case cosine
    /// sqrt(beta) rises in equal steps: `linear` of latent diffusion (`make_beta_schedule`).
    case ldmLinear = "ldm-linear"
    /// The cosine schedule with an offset that can be chosen: `cosine` of latent diffusion.
    case ldmCosine = "ldm-cosine"
    /// beta rises in equal steps: `sqrt_linear` of latent diffusion.
    case ldmSqrtLinear = "ldm-sqrt-linear"
    /// beta² rises in equal steps: `sqrt` of latent diffusion, whose end points are those of beta².
    case ldmSqrt = "ldm-sqrt"
    /// sqrt(beta) rises in equal steps: `quad` of ermongroup/ddim (`get_beta_schedule`).
    case ddimQuad = "ddim-quad"
    /// beta rises in equal steps: `linear` of ermongroup/ddim.
    case ddimLinear = "ddim-linear"
    /// Every beta is the end value: `const` of ermongroup/ddim.
    case ddimConst = "ddim-const"
    /// 1 / T, 1 / (T - 1), …, 1: `jsd` of ermongroup/ddim. The last step leaves no signal, and no sampler can visit it.
    case ddimJsd = "ddim-jsd"
    /// A logistic curve over [-6, 6], scaled to lie between the two ends: `sigmoid` of ermongroup/ddim.
    case ddimSigmoid = "ddim-sigmoid"
  }

  public let shape: Shape
  /// First beta, of shapes that take it.
  public let start: Double
  /// Last beta, of shapes that take it.
  public let end: Double
  /// `cosine_s`, of shapes that take it.
  public let offset: Double

  public static let linear = BetaSchedule(plain: .linear)
  public static let cosine = BetaSchedule(plain: .cosine)

  private init(plain shape: Shape) { (self.shape, start, end, offset) = (shape, 0, 0, 0) }

  /// The names of all shapes.
  public static let names = Shape.allCases.map(\.rawValue)

  /// A schedule by name. `start` (LDM: `linear_start`), `end` and `offset` (`cosine_s`) default to 0.0001, 0.02 and 0.008,
  /// the originals' values, where the shape takes them.
  ///
  /// Throws a `PlumbError` of kind `input` whose place is "noise_schedule", "beta_start", "beta_end" or "cosine_s": for a
  /// name that is not known, a value out of range, and a value the shape has no use for.
  public init(named name: String, start: Double? = nil, end: Double? = nil, offset: Double? = nil) throws {
    guard let shape = Shape(rawValue: name) else {
      throw PlumbError(
        "unknown noise schedule", kind: .input, at: "noise_schedule", expected: Self.names.joined(separator: ", "), found: "\"\(name)\"")
    }
    self.shape = shape
    self.start = try Self.value(start, usual: 0.0001, isTaken: shape.takesStart, in: 1e-12...1, shape, at: "beta_start")
    self.end = try Self.value(end, usual: 0.02, isTaken: shape.takesEnd, in: 1e-12...1, shape, at: "beta_end")
    self.offset = try Self.value(offset, usual: 0.008, isTaken: shape == .ldmCosine, in: 0...1, shape, at: "cosine_s")
  }

  private static func value(
    _ given: Double?, usual: Double, isTaken: Bool, in range: ClosedRange<Double>, _ shape: Shape, at place: String
  ) throws -> Double {
    guard let given else { return isTaken ? usual : 0 }
    guard isTaken else { throw PlumbError("the \(shape.rawValue) schedule takes no \(place)", kind: .input, at: place, found: "\(given)") }
    guard range.contains(given) else {
      throw PlumbError("out of range", kind: .input, at: place, expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(given)")
    }
    return given
  }

  /// Whether the project that has this schedule keeps its tables in float32 from the betas on.
  public var hasSingleTables: Bool {
    switch shape {
    case .ddimQuad, .ddimLinear, .ddimConst, .ddimJsd, .ddimSigmoid: true
    default: false
    }
  }
}

extension BetaSchedule.Shape {
  fileprivate var takesStart: Bool { takesEnd && self != .ddimConst }

  fileprivate var takesEnd: Bool {
    switch self {
    case .linear, .cosine, .ldmCosine, .ddimJsd: false
    default: true
    }
  }
}
