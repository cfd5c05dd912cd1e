import Basics
import Checkpoints
import Diffusion
import Networks

/// `sampler` of EDM and PFGM++: a chain over noise levels with every intermediate.
enum SigmaSamplerCase: CaseKind {
  static let name = "sampler"
  static let families: Set<String> = ["edm", "pfgmpp"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let network = try EDMCaseNetwork(golden, config: config)
    let sampling = try EDMSampling(network, function: config.text("sampler"), arguments: config.object("sampler_kwargs"))
    // Said of how the latents were drawn.
    config.accept("seeds")
    let prior = try Prior(config: config, inputs: inputs, image: network.imageShape)
    let labels = try network.labels(inputs, "class_labels", count: prior.count).map { Int32($0) }
    let noise = RecordedNoise(try draws(inputs, steps: sampling.solver.levels.count, image: network.imageShape, count: prior.count))
    let record = try SigmaRecord(
      sampling.solver, elementCount: prior.size, count: prior.count, labels: network.network.classCount == nil ? nil : labels,
      predictor: network.predictor(batch: prior.count), noise: noise,
      prior: { batch in try prior.fill(batch, sampling.solver) })
    let shape = [prior.count] + network.imageShape
    var results = try Tables.outputs(sampling.solver)
    results.merge(try Tensors(sampling, record, shape: shape).outputs()) { first, _ in first }
    if let dimensions = prior.dimensions {
      results["r_steps"] = try HostTensor(
        doubles: sampling.solver.times.map { $0 * Double(dimensions).squareRoot() }, shape: [sampling.solver.times.count])
    }
    return results
  }

  private static func draws(_ inputs: CaseInputs, steps: Int, image: [Int], count: Int) throws -> [RecordedNoise.Draw: [Float]] {
    guard inputs.has("noise_steps") else { return [:] }
    let tensor = try inputs.read("noise_steps")
    guard tensor.shape == [steps, count] + image else {
      throw PlumbError("the recorded noise does not fit", kind: .input, at: "noise_steps", found: "\(tensor.shape)")
    }
    let (values, size) = (tensor.doubles().map { Float($0) }, tensor.count / steps)
    return Dictionary(
      uniqueKeysWithValues: (0..<steps).map { step in
        (RecordedNoise.Draw(.step, step: steps - 1 - step), Array(values[step * size..<(step + 1) * size]))
      })
  }
}

/// The initial states of a case: normals that the sampler scales, or states as PFGM++'s prior gives them.
private struct Prior {
  let count: Int
  let size: Int
  let dimensions: Int?
  private let latents: [Double]
  private let areStates: Bool

  init(config: FieldReader, inputs: CaseInputs, image: [Int]) throws {
    size = image.reduce(1, *)
    let tensor = try inputs.read("latents")
    guard tensor.shape.count == 4, Array(tensor.shape.dropFirst()) == image, tensor.shape[0] > 0 else {
      throw PlumbError("latents do not fit the network", kind: .input, at: "latents", found: "\(tensor.shape)")
    }
    count = tensor.shape[0]
    areStates = config.has("latents_are_x0") ? try config.flag("latents_are_x0") : false
    let isFinite = config.has("pfgmpp") ? try config.flag("pfgmpp") : false
    dimensions = isFinite ? try config.integer("D") : nil
    config.accept("D", "N")
    latents = tensor.doubles()
    if areStates, let dimensions { try Self.check(latents, inputs: inputs, count: count, size: size, dimensions: dimensions) }
  }

  /// The states must be those of the draws beside them: the prior is computed here too.
  private static func check(_ latents: [Double], inputs: CaseInputs, count: Int, size: Int, dimensions: Int) throws {
    guard inputs.has("beta"), inputs.has("gaussian") else { return }
    let states = try PriorDraws(inputs, dimensions: dimensions).latents
    let largest = zip(states, latents).reduce(0) { max($0, abs($1.0 - $1.1)) }
    guard states.count == latents.count, largest <= 1e-3 else {
      throw PlumbError("the prior of these draws is another", kind: .input, at: "latents", found: "difference \(largest)")
    }
  }

  func fill(_ batch: SigmaBatch, _ solver: SigmaSolver) throws {
    let first = solver.times[0]
    let factor = areStates ? 1 : solver.sigma(first) * solver.scale(first)
    for position in 0..<count {
      try batch.setState(position, to: latents[position * size..<(position + 1) * size].map { $0 * factor })
    }
  }
}

/// The time steps and what is known of them.
private enum Tables {
  static func outputs(_ solver: SigmaSolver) throws -> [String: HostTensor] {
    let times = solver.times
    guard case .vp(let betaD, let betaMin) = SigmaSchedule.vp(fitting: solver.range, epsilon: 1e-3) else { return [:] }
    return [
      "t_steps": try HostTensor(doubles: times, shape: [times.count]),
      "sigma_steps": try HostTensor(doubles: solver.sigmas, shape: [solver.sigmas.count]),
      "sigma_of_t": try HostTensor(doubles: times.map(solver.sigma), shape: [times.count]),
      "s_of_t": try HostTensor(doubles: times.map(solver.scale), shape: [times.count]),
      "vp_betas": try HostTensor(doubles: [betaD, betaMin], shape: [2]),
      "sigma_range": try HostTensor(doubles: [solver.range.lowerBound, solver.range.upperBound], shape: [2]),
    ]
  }
}

/// The intermediates of a chain under the names of the cases.
private struct Tensors {
  let sampling: EDMSampling
  let record: SigmaRecord
  let shape: [Int]

  init(_ sampling: EDMSampling, _ record: SigmaRecord, shape: [Int]) {
    self.sampling = sampling
    self.record = record
    self.shape = shape
  }

  func outputs() throws -> [String: HostTensor] {
    let (solver, steps) = (sampling.solver, record.steps)
    let final = Array(record.final)
    var results = [
      "t_hat": try HostTensor(doubles: steps.map(\.time), shape: [steps.count]), "x_hat": try doubles(steps.map(\.raised)),
      "x_next": try doubles([record.start] + steps.map(\.next)), "trajectory": try doubles(steps.map(\.next)),
      "sample": try HostTensor(doubles: final, shape: shape), "sample_pfgmpp": try HostTensor(doubles: final, shape: shape),
      "image": try image(final), "d_cur": try doubles(steps.map(\.slope)), "x_prime": try doubles(steps.map(\.trial)),
      "eps_l2_euler": try norms(steps.map { network($0.raised, $0.denoised, at: $0.time) }),
    ]
    results["x_euler"] = try doubles(
      steps.map { step in
        let length = end(step) - step.time
        return step.raised.indices.map { step.raised[$0] + length * step.slope[$0] }
      })
    let corrected = steps.filter { $0.corrected != nil }
    if !corrected.isEmpty {
      results["eps_l2_correction"] = try norms(corrected.map { network($0.trial, $0.corrected ?? [], at: point($0)) })
      results["denoised_correction"] = try floats(corrected.compactMap(\.corrected))
    }
    if sampling.isAblation {
      let raw = steps.map { epsilon($0.raised, $0.denoised, sigma: solver.sigma($0.time)) }
      let scaled = zip(raw, steps).map { raw, step in raw.map { $0 / solver.scaling.lambda(step.index) } }
      results["denoised_euler"] = try floats(steps.map(\.denoised))
      results["eps_raw"] = try doubles(raw)
      results["eps_scaled"] = try doubles(scaled)
      results["denoised_scaled"] = try doubles(
        zip(scaled, steps).map { scaled, step in scaled.indices.map { step.raised[$0] - scaled[$0] * solver.sigma(step.time) } })
    } else {
      var (denoised, raw, scaled): ([[Float]], [[Double]], [[Double]]) = ([], [], [])
      for step in steps {
        let lambda = solver.scaling.lambda(step.index)
        let calls = [(step.raised, step.denoised, step.time)] + (step.corrected.map { [(step.trial, $0, point(step))] } ?? [])
        for (x, image, time) in calls {
          denoised.append(image)
          raw.append(epsilon(x, image, sigma: solver.sigma(time)))
          scaled.append(raw[raw.count - 1].map { $0 / lambda })
        }
      }
      results["denoised"] = try floats(denoised)
      results["eps_raw"] = try doubles(raw)
      results["eps_scaled"] = try doubles(scaled)
    }
    return results
  }

  private var alpha: Double { (sampling.solver.sampler as? Heun)?.alpha ?? 1 }
  private func end(_ step: SigmaDetail) -> Double { sampling.solver.times[sampling.solver.levels.count - step.index] }
  /// The time of the second evaluation.
  private func point(_ step: SigmaDetail) -> Double { step.time + alpha * (end(step) - step.time) }

  private func epsilon(_ x: [Double], _ denoised: [Float], sigma: Double) -> [Double] {
    x.indices.map { (x[$0] - Double(denoised[$0])) / sigma }
  }

  /// The network's own epsilon: of the state without its scale.
  private func network(_ x: [Double], _ denoised: [Float], at time: Double) -> [Double] {
    let scale = sampling.solver.scale(time)
    return epsilon(x.map { $0 / scale }, denoised, sigma: sampling.solver.sigma(time))
  }

  /// The mean L2 norm over the batch, call by call.
  private func norms(_ calls: [[Double]]) throws -> HostTensor {
    let size = shape.dropFirst().reduce(1, *)
    let means = calls.map { values in imageNorms(values, size: size).reduce(0, +) / Double(shape[0]) }
    return try HostTensor(doubles: means, shape: [means.count])
  }

  private func doubles(_ parts: [[Double]]) throws -> HostTensor {
    try HostTensor(doubles: parts.flatMap { $0 }, shape: [parts.count] + shape)
  }
  private func floats(_ parts: [[Float]]) throws -> HostTensor {
    try HostTensor(floats: parts.flatMap { $0 }, shape: [parts.count] + shape)
  }

  private func image(_ final: [Double]) throws -> HostTensor {
    let bytes = try final.map { Float($0) }.withUnsafeBufferPointer {
      try Pixels.channelsLast($0, channels: shape[1], height: shape[2], width: shape[3], rule: .centred)
    }
    return try HostTensor(dtype: .uint8, shape: [shape[0], shape[2], shape[3], shape[1]], bytes: bytes)
  }
}

/// The L2 norm of every image of `size` values.
func imageNorms(_ values: [Double], size: Int) -> [Double] {
  stride(from: 0, to: values.count, by: size).map { start in
    values[start..<start + size].reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
