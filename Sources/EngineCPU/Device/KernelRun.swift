package import Checkpoints
package import Engine

/// What a lane does between taking its inputs in and handing its outputs out, on whatever its memory holds: for measuring
/// kernels without the borders.
package final class KernelRun {
  private let lane: CPULane
  private let batch: Int

  package init(_ graph: Graph, batch: Int, weights: any TensorSource) throws {
    let network = try CPUNetwork(graph, batch: batch, on: CPUDevice())
    lane = try CPULane(network: network, weights: CPUWeights(network, source: weights))
    self.batch = batch
    lane.fill()
  }

  package func run() { lane.runProgram(count: batch) }
}

extension CPULane {
  /// Fills the memory with small numbers, so that nothing is denormal or not a number.
  func fill() {
    for index in 0..<arena.count { arena.base[index] = Float((index &* 7919) % 1000) / 1000 - 0.5 }
  }

  func runProgram(count: Int) { program.run(Frame(arena: arena.base, count: count, isUniform: count > 1)) }
}
