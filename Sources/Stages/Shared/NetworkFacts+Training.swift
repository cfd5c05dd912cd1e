import Basics
package import Diffusion
import Networks
import StageRuntime

extension TrainedProcess {
  /// What names its levels.
  package var axis: NoiseLevels.Axis { kind == .discrete ? .timestep : .sigma }
}

extension NetworkFacts {
  /// What a sampler has to know of the network. Throws for a process that contradicts itself.
  package func training() throws -> TrainedNoise {
    guard process.axis == .timestep else {
      return .levels(
        LevelTraining(
          preconditioning: try process.preconditioning(), perturbation: process.perturbation,
          iddpm: IDDPMLevels(
            steps: process.integer("M") ?? 1000, c1: process.number("C_1") ?? 0.001, c2: process.number("C_2") ?? 0.008)))
    }
    return .timesteps(
      TimestepTraining(
        chain: try trainingChain(), rescaleTimesteps: process.flag("rescale_timesteps"),
        variance: try ModelVariance(named: process.text("variance") ?? ""),
        prediction: process.text("prediction") == "xstart" ? .start : .noise, areLatents: firstStage != nil,
        usualSpacing: TimestepSpacing(type(of: network).conventions.spacing)))
  }
}

extension TimestepSpacing {
  fileprivate init(_ spacing: ChainConventions.Spacing) {
    switch spacing {
    case .even: self = .even
    case .ddimUniform: self = .ddimUniform
    case .ldmUniform: self = .ldmUniform
    }
  }
}

extension ModelVariance {
  /// The variance under the name pipelines use.
  fileprivate init(named name: String) throws {
    switch name {
    case "learned-range": self = .learnedRange
    case "learned": self = .learned
    case "fixed-large": self = .fixedLarge
    case "fixed-small": self = .fixedSmall
    default: throw PlumbError("unknown variance", kind: .input, at: "variance", found: name)
    }
  }
}
