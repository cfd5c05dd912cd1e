import Basics
public import Diffusion
import Foundation
import StageSchema

extension TrainedProcess {
  /// EDM's preconditioner, and PFGM++'s kernel where the network has one. Throws when the process is one of timesteps or
  /// lacks a number.
  public func preconditioning() throws -> Preconditioning {
    do {
      return try Preconditioning(kind: preconditioner())
    } catch let error as PlumbError {
      throw StageIssue(.parameter(["process"] + (error.place.map { [$0] } ?? [])), error, reason: .wrongConfiguration)
    }
  }

  /// How images are noised in training.
  public var perturbation: Perturbation {
    integer("D").map { .poissonFlow(dimensions: $0) } ?? .gaussian
  }

  /// The betas of a process over timesteps. Throws a `PlumbError` whose place is the field at fault.
  func chain() throws -> TrainingChain {
    let schedule = try BetaSchedule(
      named: text("noise_schedule") ?? "", start: number("beta_start"), end: number("beta_end"), offset: number("cosine_s"))
    return try TrainingChain(schedule, steps: integer("diffusion_steps") ?? 1000)
  }

  private func preconditioner() throws -> (kind: Preconditioning.Kind, least: Double, largest: Double) {
    switch kind {
    case .discrete: throw PlumbError("a process of timesteps has no preconditioner", kind: .input, at: "kind")
    case .edm: return (.edm(sigmaData: try needed("sigma_data")), try needed("sigma_min"), try needed("sigma_max"))
    case .ve: return (.ve, try needed("sigma_min"), try needed("sigma_max"))
    case .vp:
      let (betaD, betaMin) = (try needed("beta_d"), try needed("beta_min"))
      let schedule = SigmaSchedule.vp(betaD: betaD, betaMin: betaMin)
      return (
        .vp(betaD: betaD, betaMin: betaMin, steps: integer("M") ?? 1000),
        try number("sigma_min") ?? schedule.sigma(needed("epsilon_t")), number("sigma_max") ?? schedule.sigma(1)
      )
    case .iddpm:
      let steps = integer("M") ?? 1000
      let levels = try numbers("u") ?? IDDPMLevels(steps: steps, c1: needed("C_1"), c2: needed("C_2")).values
      guard levels.count >= 2 else { throw PlumbError("iDDPM's noise levels are missing", kind: .input, at: "u") }
      return (
        .iddpm(levels: levels.map { Float($0) }, steps: steps), number("sigma_min") ?? levels[levels.count - 2],
        number("sigma_max") ?? levels[0]
      )
    }
  }

  private func needed(_ name: String) throws -> Double {
    guard let value = number(name) else { throw PlumbError("the noise process lacks a number", kind: .input, at: name) }
    return value
  }
}

extension Preconditioning {
  fileprivate init(kind: (kind: Kind, least: Double, largest: Double)) throws {
    try self.init(kind.kind, sigmaMin: kind.least, sigmaMax: kind.largest)
  }
}
