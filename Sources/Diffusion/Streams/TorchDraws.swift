import Basics

/// What a published sampling script draws from PyTorch's CPU generators, and in which order.
///
/// A round is what one pass of the script's loop draws: classes where the network takes them, x_T in float32, then the
/// noise of every step, noisiest first. Scripts draw a step's noise also where its factor is zero and in the last step,
/// so each round takes the same numbers.
public struct TorchDraws: Sendable, Hashable {
  /// Whose generator a sample's numbers come from.
  public enum Sharing: Sendable, Hashable {
    /// One generator for all, `torch.manual_seed(seed)`; a round is a batch of this many samples (guided-diffusion, DDIM,
    /// LDM, DiT). The last batch of a run is drawn whole, too.
    case batches(of: Int)
    /// One generator per sample, seeded with seed + index, and one round of it (EDM's generate.py).
    case samples
  }

  /// The types a step's noise is drawn in: that of the sampler's states.
  public enum Precision: Sendable, Hashable { case float32, float64 }

  /// A draw of a round.
  enum Draw: Hashable {
    case labels, start
    /// The noise of a step, counted from the noisiest.
    case step(Int)
  }

  public let sharing: Sharing
  public let seed: UInt64
  /// C · H · W of what the chain runs on.
  public let elementCount: Int
  public let steps: Int
  /// Nil where the script draws no classes.
  public let classCount: Int?
  /// guided-diffusion draws a batch's classes before x_T; EDM and DiT after.
  public let drawsLabelsFirst: Bool
  public let stepPrecision: Precision
  /// 2 where guidance doubles the batch, so that a step's noise is drawn for both halves and the first is used (DiT).
  public let copiesPerStep: Int

  /// Throws when a number is not positive, or a round has too many elements.
  public init(
    _ sharing: Sharing, seed: UInt64, elementCount: Int, steps: Int, classCount: Int? = nil, drawsLabelsFirst: Bool = false,
    stepPrecision: Precision = .float32, copiesPerStep: Int = 1
  ) throws {
    self.sharing = sharing
    self.seed = seed
    self.elementCount = elementCount
    self.steps = steps
    self.classCount = classCount
    self.drawsLabelsFirst = drawsLabelsFirst
    self.stepPrecision = stepPrecision
    self.copiesPerStep = copiesPerStep
    guard elementCount > 0, roundSize > 0, steps > 0, steps < 1 << 31, (1...2).contains(copiesPerStep), classCount.map({ $0 > 0 }) ?? true
    else { throw PlumbError("random draws need samples, values and steps", kind: .input, found: "\(self)") }
    let size = try HostTensor.elementCount([roundSize, copiesPerStep, elementCount])
    guard size <= 1 << 31 else {
      throw PlumbError("a batch of random draws is too large", kind: .input, expected: "at most 2^31 values", found: "\(size)")
    }
  }

  /// Samples a round draws for.
  var roundSize: Int { if case .batches(let size) = sharing { size } else { 1 } }

  /// Draws of a round, in order.
  var drawsPerRound: Int { steps + (classCount == nil ? 1 : 2) }

  /// The draw at a position of a round.
  func draw(at position: Int) -> Draw {
    guard classCount != nil else { return position == 0 ? .start : .step(position - 1) }
    switch position {
    case 0: return drawsLabelsFirst ? .labels : .start
    case 1: return drawsLabelsFirst ? .start : .labels
    default: return .step(position - 2)
    }
  }

  /// The position of a draw in its round.
  func position(of draw: Draw) -> Int {
    switch draw {
    case .labels: drawsLabelsFirst ? 0 : 1
    case .start: classCount != nil && drawsLabelsFirst ? 1 : 0
    case .step(let number): number + drawsPerRound - steps
    }
  }
}
