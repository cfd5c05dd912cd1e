import Basics
import Diffusion

/// The fields every curve over the steps of a sampler has.
enum CurveFields {
  /// Steps, sample count and, for the values at `indices` (all steps when nil), the noise levels: "timesteps", or "sigmas"
  /// where the process is one of noise levels.
  static func common(kind: String, _ levels: NoiseLevels, samples: Int, indices: [Int]? = nil) -> [String: JSONValue] {
    var fields: [String: JSONValue] = ["kind": .text(kind), "steps": JSONValue(levels.count), "samples": JSONValue(samples)]
    let labels = (indices ?? Array(0..<levels.count)).map { levels.labels[$0] }
    switch levels.axis {
    case .timestep: fields["timesteps"] = JSONValue(labels.map { Int($0) })
    case .sigma: fields["sigmas"] = JSONValue(labels)
    }
    if let indices { fields["indices"] = JSONValue(indices) }
    return fields
  }

  /// Norms of the predicted noise, and of second evaluations where a solver makes them.
  static func norms(_ norms: SamplingNorms) -> [String: JSONValue] {
    var fields: [String: JSONValue] = [
      "epsilon_norm": JSONValue(norms.predicted.steps.map(\.mean)),
      "epsilon_norm_rms": JSONValue(norms.predicted.steps.map(\.rootMeanSquare)),
    ]
    if !norms.corrected.steps.isEmpty {
      fields["correction_norm"] = JSONValue(norms.corrected.steps.map { $0.count == 0 ? .nan : $0.mean })
    }
    return fields
  }
}
