import Basics
import Diffusion
import Networks

/// `exposure-eps-train`: norms of the predicted noise on noised pictures.
enum TrainingNormCase: CaseKind {
  static let name = "exposure-eps-train"
  static let families: Set<String> = ["adm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let setting = try MeasurementSetting(golden, config: config, inputs: inputs)
    let measurement = try TrainingMeasurement(
      solver: setting.reverse(.none), images: setting.images(inputs), measuresSingleStep: false,
      noise: RecordedNoise(inputs.draw("noise_q", as: .forward, shape: setting.shape)), labels: setting.labels)
    var predictor = try setting.network.predictor(batch: setting.batch)
    let norms = try setting.batches.map { samples in
      try measurement.run(samples: samples, batch: setting.batch, predictor: &predictor).total(of: samples).norms.predicted
    }
    // The reference averages batch means.
    let means = meanOverBatches(norms)
    return ["eps_norm": try HostTensor(doubles: means, shape: [means.count])]
  }
}

/// `exposure-eps-sampling`: norms of the predicted noise along chains, divided by the scaler.
enum SamplingNormCase: CaseKind {
  static let name = "exposure-eps-sampling"
  static let families: Set<String> = ["adm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let setting = try MeasurementSetting(golden, config: config, inputs: inputs, count: "noise_x_T")
    let steps = setting.process.count
    let draws = try inputs.draw("noise_x_T", as: .start, shape: setting.shape).merging(inputs.stepDraws(shape: setting.shape, steps: steps))
    { $1 }
    var outputs: [String: HostTensor] = [:]
    for (scaler, suffix) in try setting.scalers(config, of: golden, example: "eps_norm_") {
      let scaling = EpsilonScaling(b: scaler)
      let run = SamplingRun(
        solver: try setting.reverse(scaling), elementCount: setting.network.network.image.count, noise: RecordedNoise(draws),
        labels: setting.labels)
      var predictor = try setting.network.predictor(batch: setting.batch)
      let norms = try setting.batches.map { samples in
        try run.run(samples: samples, batch: setting.batch, predictor: &predictor) { _, _ in }.total(of: samples).predicted
      }
      let table = (0..<steps).flatMap { index in norms.map { $0.steps[index].mean / scaling.lambda(index) } }
      outputs["eps_norm_batches_" + suffix] = try HostTensor(doubles: table, shape: [steps, norms.count])
      outputs["eps_norm_" + suffix] = try HostTensor(
        doubles: meanOverBatches(norms).enumerated().map { $0.element / scaling.lambda($0.offset) }, shape: [steps])
    }
    return outputs
  }
}

/// For each index, the mean over batches of the batch's mean norm.
private func meanOverBatches(_ norms: [EpsilonNorms]) -> [Double] {
  guard let first = norms.first else { return [] }
  return first.steps.indices.map { index in norms.reduce(0) { $0 + $1.steps[index].mean } / Double(norms.count) }
}
