import Diffusion
import StageRuntime

/// The network of a cell and the way through its noise levels, made once for all blocks.
struct CellSolver: Sendable {
  let facts: NetworkFacts
  let solver: any ReverseSolver
}

extension SolverParameters {
  /// The solver for the network that flows into a cell.
  func shared(_ inputs: StageInputs) throws -> CellSolver {
    try inputs.shared {
      let facts = try NetworkFacts(inputs.artifact("network"))
      return CellSolver(facts: facts, solver: try solver(facts))
    }
  }
}
