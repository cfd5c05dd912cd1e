import Basics
import Diffusion
import StageRuntime
import Synchronization

/// Respaced processes made in this process: a sweep plans thousands of cells over a few of them.
enum DiscreteProcesses {
  private struct Key: Hashable {
    let trained: JSONValue
    let spacing: String
    let steps: Int
  }

  private static let known = Mutex<[Key: DiffusionProcess]>([:])

  /// The process for a training and a choice of timesteps, made at first use.
  static func process(
    _ trained: TrainedProcess, spacing: String, steps: Int, make: () throws -> DiffusionProcess
  ) rethrows -> DiffusionProcess {
    let key = Key(trained: trained.json, spacing: spacing, steps: steps)
    if let found = known.withLock({ $0[key] }) { return found }
    let made = try make()
    known.withLock { $0[key] = made }
    return made
  }
}
