import Basics
import Checkpoints
import Diffusion
import Networks
import StageRuntime

/// `exposure` of EDM: norms of the predicted noise per noise level, on noised images and along chains.
enum SigmaExposureCase: CaseKind {
  static let name = "exposure"
  static let families: Set<String> = ["edm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let network = try EDMCaseNetwork(golden, config: config)
    let (steps, solverName) = (try config.integer("num_steps"), try config.text("solver"))
    let solver = try CaseCell(
      network.network, told: network.process, with: ["steps": JSONValue(steps), "sampler": .text(solverName)]
    ).levels()
    var results = ["t_steps": try HostTensor(doubles: solver.times, shape: [steps + 1])]
    let sampling = try sampled(solver, network, inputs)
    let training = try trained(solver, network, inputs, &results)
    results["eps_l2_sampling_euler"] = try series(sampling.predicted.steps.reversed().map(\.mean))
    results["eps_l2_training_euler"] = try series(training.first.map(mean))
    results["eps_l2_training_euler_each"] = try table(training.first)
    results["delta_euler"] = try series(zip(sampling.predicted.steps.reversed(), training.first).map { $0.mean - mean($1) })
    if solver.hasCorrections {
      results["eps_l2_sampling_correction"] = try series(sampling.corrected.steps.dropLast().reversed().map(\.mean))
      results["eps_l2_training_correction"] = try series(training.second.map(mean))
      results["eps_l2_training_correction_each"] = try table(training.second)
    }
    return results
  }

  /// The unscaled chains of the case, measured as the sample stage does.
  private static func sampled(_ solver: SigmaSolver, _ network: EDMCaseNetwork, _ inputs: CaseInputs) throws -> SamplingNorms {
    let latents = try inputs.images("latents", shape: network.imageShape)
    let count = latents.count / network.network.image.count
    let labels = try network.labels(inputs, "latent_labels", count: count).map { Int32($0) }
    let run = SamplingRun(
      solver: solver, elementCount: network.network.image.count, noise: RecordedNoise([.init(.start): latents]),
      labels: network.network.classCount == nil ? nil : .given(labels))
    var predictor = try network.predictor(batch: count)
    return try run.run(samples: 0..<count, batch: count, predictor: &predictor) { _, _ in }.total(of: 0..<count)
  }

  /// Norms of every image in training mode, noisiest level first.
  private static func trained(
    _ solver: SigmaSolver, _ network: EDMCaseNetwork, _ inputs: CaseInputs, _ results: inout [String: HostTensor]
  ) throws -> (first: [[Double]], second: [[Double]]) {
    let (images, noise) = (try inputs.read("images"), try inputs.read("noise"))
    let (count, size, steps) = (images.shape.first ?? 0, network.network.image.count, solver.levels.count)
    guard noise.shape == [steps] + images.shape, Array(images.shape.dropFirst()) == network.imageShape else {
      throw PlumbError("images or noise do not fit", kind: .input, at: "noise", found: "\(noise.shape)")
    }
    let values = noise.floats()
    let draws = Dictionary(
      uniqueKeysWithValues: (0..<steps).map { step in
        (RecordedNoise.Draw(.forward, step: steps - 1 - step), Array(values[step * count * size..<(step + 1) * count * size]))
      })
    let labels = try network.labels(inputs, "class_labels", count: count).map { Int32($0) }
    let measurement = try TrainingMeasurement(
      solver: solver, images: ByteImages(bytes: images.bytes, elementCount: size, order: .identity(count: count)),
      noise: RecordedNoise(draws), labels: network.network.classCount == nil ? nil : .given(labels))
    let observer = NormsOfEach()
    var predictor = try network.predictor(batch: count)
    _ = try measurement.run(samples: 0..<count, batch: count, predictor: &predictor, observers: [observer])
    results["x_t"] = try HostTensor(floats: observer.states, shape: noise.shape)
    return (observer.first, observer.second)
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
  private static func table(_ rows: [[Double]]) throws -> HostTensor {
    try HostTensor(doubles: rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0])
  }
  private static func series(_ values: [Double]) throws -> HostTensor { try HostTensor(doubles: values, shape: [values.count]) }
}

/// Keeps the norm of every image, step by step.
private final class NormsOfEach: StepObserver {
  private(set) var first: [[Double]] = []
  private(set) var second: [[Double]] = []
  private(set) var states: [Float] = []

  func observe(_ step: StepView) throws {
    let positions = 0..<step.samples.count
    first.append(positions.map { norm(step.noise($0)) })
    let corrections = positions.compactMap { step.correction($0).map(norm) }
    if !corrections.isEmpty { second.append(corrections) }
    for position in positions { states.append(contentsOf: step.state(position)) }
  }

  private func norm(_ values: UnsafeBufferPointer<Float>) -> Double {
    values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
