import Basics
import Diffusion
import Networks
import StageKit

/// The arguments of EDM's samplers beside the number of steps, under the names of its command line.
struct SigmaParameters: Sendable {
  static let field = ParameterField(
    "edm", .record([]), optional: true,
    doc: "Arguments of EDM's samplers; those of its ablation sampler (discretization, schedule, scaling) choose that one, as there.")

  init(_ parameters: StageParameters) throws {}

  func solver(_ facts: NetworkFacts, _ name: SamplerName, steps: Int, scaling: EpsilonScaling) throws -> any ReverseSolver {
    throw StageIssue(.parameter(["sampler"]), "not there yet")
  }

  /// Throws when arguments are given to a sampler over timesteps.
  func refuse(_ name: SamplerName) throws {}
}
