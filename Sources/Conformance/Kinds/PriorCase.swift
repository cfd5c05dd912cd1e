import Basics
import Checkpoints
import Diffusion

/// `prior`: PFGM++'s initial states from given Beta and normal draws.
enum PriorCase: CaseKind {
  static let name = "prior"
  static let families: Set<String> = ["pfgmpp"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let (side, channels) = (try config.integer("img_resolution"), try config.integer("img_channels"))
    guard try config.integer("N") == channels * side * side, try config.number("sigma_max") == SigmaBatch.priorSigma else {
      throw PlumbError("N or sigma_max are not those of the prior", kind: .input, at: "config")
    }
    config.accept("kind", "seed")
    let draws = try PriorDraws(inputs, dimensions: config.integer("D"))
    let count = draws.radii.count
    return [
      "inverse_beta": try HostTensor(doubles: draws.inverseBetas, shape: [count]),
      "radius": try HostTensor(doubles: draws.radii, shape: [count]),
      "unit_gaussian": try HostTensor(floats: draws.directions.flatMap { $0 }, shape: [count, channels * side * side]),
      "latents": try HostTensor(doubles: draws.latents, shape: [count, channels, side, side]),
    ]
  }
}

/// PFGM++'s prior from the inputs "beta" and "gaussian".
struct PriorDraws {
  let inverseBetas: [Double]
  let radii: [Double]
  let directions: [[Float]]

  init(_ inputs: CaseInputs, dimensions: Int) throws {
    let (beta, gaussian) = (try inputs.read("beta").doubles(), try inputs.read("gaussian"))
    guard gaussian.shape.count == 2, gaussian.shape[0] == beta.count, gaussian.shape[1] > 0 else {
      throw PlumbError("the draws do not fit each other", kind: .input, at: "gaussian", found: "\(gaussian.shape)")
    }
    let (values, size) = (gaussian.floats(), gaussian.shape[1])
    let r = SigmaBatch.priorSigma * Double(dimensions).squareRoot()
    inverseBetas = beta.map { $0 / (1 - $0) }
    radii = inverseBetas.map { Perturbation.radius(inverseBeta: $0, r: r) }
    directions = beta.indices.map { row in
      Array(values[row * size..<(row + 1) * size]).withUnsafeBufferPointer { Perturbation.direction($0) }
    }
  }

  /// [images, N].
  var latents: [Double] { zip(directions, radii).flatMap { direction, radius in direction.map { Double($0) * radius } } }
}
