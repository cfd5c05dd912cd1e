import Basics
import Checkpoints
import Diffusion
import Foundation
import Networks
import StageSchema

/// `perturb`: images noised as PFGM++ trains on them, the network's answer and its loss.
enum PerturbCase: CaseKind {
  static let name = "perturb"
  static let families: Set<String> = ["pfgmpp"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let call = try EDMCall(golden, config: config)
    let (images, gaussian) = (try inputs.read("images"), try inputs.read("gaussian").floats())
    let (count, size) = (images.shape.first ?? 0, call.network.network.image.count)
    guard images.shape.count == 4, Array(images.shape.dropFirst()) == call.network.imageShape, gaussian.count == count * size else {
      throw PlumbError("images do not fit the network", kind: .input, at: "images", found: "\(images.shape)")
    }
    let loss = try Loss(config: config)
    let sigma = try loss.sigmas(inputs)
    let dimensions = try config.flag("pfgmpp") ? config.integer("D") : nil
    config.accept("D", "N", "seed", "kind")
    var results: [String: HostTensor] = [:]
    var noise: [Float] = []
    if let dimensions {
      let draws = try inputs.read("beta").doubles().enumerated().map { index, beta in
        TrainingRadius(beta: beta, r: Double(sigma[index]) * Double(dimensions).squareRoot())
      }
      for (index, draw) in draws.enumerated() {
        let row = Array(gaussian[index * size..<(index + 1) * size])
        let direction = row.withUnsafeBufferPointer { Perturbation.direction($0) }
        noise += direction.map { Float(Double($0) * draw.radius) }
      }
      results["r"] = try HostTensor(doubles: draws.map(\.r), shape: [count])
      results["inverse_beta"] = try HostTensor(doubles: draws.map(\.inverseBeta), shape: [count])
      results["radius"] = try HostTensor(doubles: draws.map(\.radius), shape: [count])
    } else {
      noise = gaussian.indices.map { gaussian[$0] * sigma[$0 / size] }
    }
    let clean = images.bytes.map(Pixels.model)
    let x = clean.indices.map { clean[$0] + noise[$0] }
    let denoised = try call(x, sigma: sigma, labels: call.network.labels(inputs, "class_labels", count: count)).denoised
    let weights = sigma.map(loss.weight)
    let errors = x.indices.map { index in
      let difference = denoised[index] - clean[index]
      return weights[index / size] * (difference * difference)
    }
    let epsilon = x.indices.map { Double(x[$0] - denoised[$0]) / Double(sigma[$0 / size]) }
    results["sigma"] = try HostTensor(floats: sigma, shape: [count])
    results["weight"] = try HostTensor(floats: weights, shape: [count])
    results["eps_l2"] = try HostTensor(doubles: imageNorms(epsilon, size: size), shape: [count])
    for (name, values) in [("n", noise), ("x", x), ("D_x", denoised), ("loss", errors)] {
      results[name] = try HostTensor(floats: values, shape: images.shape)
    }
    return results
  }
}

/// The loss classes of EDM and PFGM++ (`training/loss.py`): how noise levels are drawn, and what they weigh.
private struct Loss {
  private let isVE: Bool
  private let (mean, deviation, data): (Double, Double, Double)
  private let (least, largest): (Double, Double)
  private let factor: Float

  init(config: FieldReader) throws {
    let name = try config.text("loss")
    guard name == "EDMLoss" || name == "VELoss" else {
      throw PlumbError("unknown loss", kind: .input, at: "config.loss", expected: "EDMLoss or VELoss", found: name)
    }
    isVE = name == "VELoss"
    let arguments = try config.object("loss_kwargs")
    mean = try arguments.number("P_mean", default: -1.2)
    deviation = try arguments.number("P_std", default: 1.2)
    data = try arguments.number("sigma_data", default: 0.5)
    least = try arguments.number("sigma_min", default: 0.02)
    largest = try arguments.number("sigma_max", default: 100)
    factor = config.has("lsun") ? (try config.flag("lsun") ? Float(380.0 / 80) : 1) : 1
  }

  /// exp(P_std z + P_mean), or sigma_min (sigma_max / sigma_min)^v, in float32.
  func sigmas(_ inputs: CaseInputs) throws -> [Float] {
    if isVE {
      let base = largest / least
      return try inputs.read("rnd_uniform").floats().map { Float(least) * Float(pow(base, Double($0))) }
    }
    return try inputs.read("rnd_normal").floats().map { z in
      Float(exp(Double(z * Float(deviation) + Float(mean)))) * factor
    }
  }

  func weight(_ sigma: Float) -> Float {
    if isVE { return 1 / (sigma * sigma) }
    let product = sigma * Float(data)
    return (sigma * sigma + Float(data * data)) / (product * product)
  }
}
