import Basics
import CKernels

/// One worker's copy of a network ready to run: an arena, and instructions bound to it and to the shared weights.
///
/// A lane belongs to one thread at a time and starts no threads; throughput comes from several lanes. It allocates
/// nothing while it runs. A sample's bits do not depend on the lane, on `count`, on the sample's place in the run or on
/// what was run before.
public final class Lane {
  public let network: CompiledNetwork
  // Kept alive for the addresses in the program.
  private let weights: NetworkWeights
  private let program: Program
  private let arena: AlignedBlock
  private let feeds: [Feed]
  private let deliveries: [Delivery]

  /// Allocates the arena. Throws when the weights are those of another network or mode, or memory is short.
  public init(network: CompiledNetwork, weights: NetworkWeights) throws {
    guard network.mode == weights.mode else {
      throw PlumbError(
        "the weights are packed for another mode", kind: .input, expected: network.mode.rawValue, found: weights.mode.rawValue)
    }
    self.network = network
    self.weights = weights
    program = try Program(network: network, weights: weights)
    arena = try AlignedBlock(count: network.plan.count)
    feeds = Feed.all(network)
    deliveries = Delivery.all(network)
  }

  /// Runs the network on `count` samples, at most the batch it was compiled for.
  ///
  /// Inputs are pictures `[count, C, H, W]` and scalars `[count]`; outputs are written as `[count, C, H, W]`,
  /// `[count, width]` or `[count]`. Buffers may be longer than that. An output that is not asked for is not written.
  /// Throws when a buffer is missing or too short, or a label is not a class; outputs are then left as they were.
  public func run(
    count: Int, inputs: [String: UnsafeBufferPointer<Float>], outputs: [String: UnsafeMutableBufferPointer<Float>]
  ) throws {
    guard (1...network.batch).contains(count) else {
      throw PlumbError("number of samples is out of range", kind: .input, expected: "1 to \(network.batch)", found: "\(count)")
    }
    for delivery in deliveries { try delivery.check(outputs, count) }
    for name in outputs.keys where !deliveries.contains(where: { $0.name == name }) {
      throw PlumbError("the network has no such output", kind: .input, at: name)
    }
    var isUniform = count > 1
    for feed in feeds {
      let isEqual = try feed.copy(inputs, count, into: arena.base)
      isUniform = isUniform && isEqual
    }
    let frame = Frame(arena: arena.base, count: count, isUniform: isUniform)
    program.run(frame)
    for delivery in deliveries { delivery.copy(frame, into: outputs) }
  }
}
