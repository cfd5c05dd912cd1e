import Basics
import Engine

/// An arena, and instructions bound to it and to the shared weights. It starts no threads, and allocates nothing of its own
/// while it runs.
package final class CPULane: Lane {
  private let check: RunCheck
  // Kept alive for the addresses in the program.
  private let weights: CPUWeights
  let program: Program
  let arena: AlignedBlock
  private let feeds: [Feed]
  private let deliveries: [Delivery]

  /// Allocates the arena. Throws when the weights are those of another network or mode, or memory is short.
  package init(network: CPUNetwork, weights: CPUWeights) throws {
    guard network.mode == weights.mode else {
      throw PlumbError(
        "the weights are packed for another mode", kind: .input, expected: network.mode.rawValue, found: weights.mode.rawValue)
    }
    check = network.check
    self.weights = weights
    program = try Program(network: network, weights: weights)
    arena = try AlignedBlock(count: network.plan.count)
    feeds = Feed.all(network)
    deliveries = Delivery.all(network)
  }

  func run(
    count: Int, inputs: [String: UnsafeBufferPointer<Float>], outputs: [String: UnsafeMutableBufferPointer<Float>]
  ) throws {
    try check.check(count: count, inputs: inputs, outputs: outputs)
    var isUniform = count > 1
    for feed in feeds {
      let isEqual = feed.copy(inputs, count, into: arena.base)
      isUniform = isUniform && isEqual
    }
    let frame = Frame(arena: arena.base, count: count, isUniform: isUniform)
    program.run(frame)
    for delivery in deliveries { delivery.copy(frame, into: outputs) }
  }
}
