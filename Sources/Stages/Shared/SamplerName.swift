import Diffusion
import StageRuntime

/// The samplers a pipeline can name.
enum SamplerName: String, CaseIterable, Sendable {
  case ddpm, ddim, generalized, plms, heun, euler

  /// What runs where nothing is asked for: ancestral sampling over timesteps, EDM's Heun steps over noise levels.
  static func usual(_ kind: TrainedProcess.Kind) -> SamplerName { kind == .discrete ? .ddpm : .heun }

  /// Whether it steps over the timesteps of a discrete process, and not over noise levels.
  var isDiscrete: Bool { self != .heun && self != .euler }

  /// The integer to bump when the sampler's numbers change.
  var version: Int {
    switch self {
    case .ddpm, .ddim, .generalized, .plms, .heun, .euler: 1
    }
  }

  /// The sampler over timesteps; ancestral for those over noise levels, which have a solver of their own.
  func sampler(eta: Double) -> Sampler {
    switch self {
    case .ddim: .ddim(eta: eta)
    case .generalized: .generalized(eta: eta)
    case .plms: .plms
    case .ddpm, .heun, .euler: .ancestral
    }
  }
}
