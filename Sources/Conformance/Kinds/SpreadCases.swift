import Basics
import Diffusion

/// `exposure-delta`: delta_t along chains that start from noised pictures.
enum DeltaCase: CaseKind {
  static let name = "exposure-delta"
  static let families: Set<String> = ["adm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let setting = try MeasurementSetting(golden, config: config, inputs: inputs)
    let process = setting.process
    let start = try config.integer("forward_t")
    let images = try setting.images(inputs)
    let draws = try inputs.draw("noise_q", as: .start, shape: setting.shape).merging(
      inputs.stepDraws(shape: setting.shape, steps: start + 1)
    ) { $1 }

    var outputs: [String: HostTensor] = [:]
    for (scaler, suffix) in try setting.scalers(config, of: golden, example: "delta_t_") {
      let measurement = try DeltaMeasurement(
        solver: setting.reverse(EpsilonScaling(b: scaler)), images: images, startIndex: start, noise: RecordedNoise(draws),
        labels: setting.labels)
      var predictor = try setting.network.predictor(batch: setting.batch)
      // From the noisiest state down, as the reference prints them.
      let points = try measurement.run(samples: 0..<setting.count, batch: setting.batch, predictor: &predictor)
        .total(of: 0..<setting.count).points(process.levels).reversed()
      outputs["pred_std_" + suffix] = try HostTensor(doubles: points.map(\.sampledDeviation), shape: [points.count])
      outputs["delta_t_" + suffix] = try HostTensor(doubles: points.map(\.delta), shape: [points.count])
      outputs["gt_std"] = try HostTensor(doubles: points.map(\.trueDeviation), shape: [points.count])
      outputs["timesteps"] = try HostTensor(integers: points.map { Int64($0.index + 1) }, shape: [points.count])
    }
    return outputs
  }
}

/// `exposure-single-step`: the spread after one ancestral step from noised pictures.
enum SingleStepCase: CaseKind {
  static let name = "exposure-single-step"
  static let families: Set<String> = ["adm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let setting = try MeasurementSetting(golden, config: config, inputs: inputs)
    let process = setting.process
    let indices = try config.integers("timesteps")
    guard indices.allSatisfy({ $0 > 0 }) else {
      throw PlumbError("no state lies below index 0", kind: .input, at: "config.timesteps", expected: "indices from 1")
    }
    let draws = try inputs.draw("noise_q", as: .forward, shape: setting.shape).merging(
      inputs.draw("noise_p", as: .step, shape: setting.shape)
    ) { $1 }
    let measurement = try TrainingMeasurement(
      solver: setting.reverse(.none), images: setting.images(inputs), indices: indices, noise: RecordedNoise(draws), labels: setting.labels
    )
    let residuals = ResidualRecorder(process: process)
    var predictor = try setting.network.predictor(batch: setting.batch)
    let statistics = try measurement.run(samples: 0..<setting.count, batch: setting.batch, predictor: &predictor, observers: [residuals])
      .total(of: 0..<setting.count)

    // The values of the indices in the order the case lists them.
    let byIndex = Dictionary(uniqueKeysWithValues: try statistics.singleStepPoints(process.levels).map { ($0.index, $0) })
    let points = indices.compactMap { byIndex[$0 - 1] }
    var outputs = [
      "pred_std": try HostTensor(doubles: points.map(\.sampledDeviation), shape: [points.count]),
      "gt_std": try HostTensor(doubles: points.map(\.trueDeviation), shape: [points.count]),
      "error": try HostTensor(doubles: points.map(\.error), shape: [points.count]),
    ]
    for (index, values) in residuals.values {
      outputs["residual_\(index)"] = try HostTensor(floats: values, shape: [setting.count] + setting.shape)
    }
    return outputs
  }
}

/// Keeps x_{t-1} - sqrt(abar_{t-1}) x_0 of every image, by index t - 1.
private final class ResidualRecorder: StepObserver {
  private let process: DiffusionProcess
  private(set) var values: [Int: [Float]] = [:]

  init(process: DiffusionProcess) { self.process = process }

  func observe(_ step: StepView) throws {
    for position in 0..<step.samples.count {
      guard let residual = step.residual(position, of: process.levels) else { continue }
      values[step.index - 1, default: []].append(contentsOf: residual)
    }
  }
}
