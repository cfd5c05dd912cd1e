import Basics
import Diffusion
import Networks

/// `sampler`: a sampling loop of guided-diffusion with every draw given, compared after each step.
enum SamplerCase: CaseKind {
  static let name = "sampler"
  static let families: Set<String> = ["adm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let network = try CaseNetwork(golden, config: config)
    let configuration = try ADMConfiguration(config.object("diffusion"))
    let reverse = try configuration.reverse(
      network.network, configuration.scaling(config), with: sampler(config.object("sampler")))
    try reverse.check(timestepMap: config)

    let shape = network.imageShape
    var draws = try inputs.draw("noise_x_T", as: .start, shape: shape)
    let count = (draws.values.first?.count ?? 0) / network.network.image.count
    draws.merge(try inputs.stepDraws(shape: shape, steps: reverse.process.count)) { first, _ in first }
    var batch = count
    if config.has("num_samples") || config.has("batch_size") { batch = try config.batchSize(count: count) }

    let run = SamplingRun(
      solver: reverse, elementCount: network.network.image.count, noise: RecordedNoise(draws),
      labels: try network.classes(inputs, count: count).map(ClassLabels.given))
    let (recorder, all) = (StepRecorder(), [count] + shape)
    var (predictor, images): (_, [Float]) = (try network.predictor(batch: batch), [])
    _ = try run.run(samples: 0..<count, batch: batch, predictor: &predictor, observers: [recorder]) { images.append(contentsOf: $1) }

    var outputs = ["sample": try HostTensor(floats: images, shape: all)]
    let bytes = try images.withUnsafeBufferPointer { try Pixels.channelsLast($0, channels: shape[0], height: shape[1], width: shape[2]) }
    outputs["sample_uint8"] = try HostTensor(dtype: .uint8, shape: [count, shape[1], shape[2], shape[0]], bytes: bytes)
    outputs.merge(try recorder.numbered(count: reverse.process.count, shape: all)) { $1 }
    return outputs
  }

  /// The sampler of a loop, as a pipeline says it.
  static func sampler(_ loop: FieldReader) throws -> [String: JSONValue] {
    let clips = JSONValue.bool(try loop.flag("clip_denoised", default: true))
    switch try loop.text("loop") {
    case "p_sample_loop":
      return ["sampler": "ddpm", "clip_denoised": clips]
    case "ddim_sample_loop":
      return ["sampler": "ddim", "eta": .number(try loop.number("eta", default: 0)), "clip_denoised": clips]
    case let other:
      throw PlumbError(
        "unknown sampling loop", kind: .input, at: "config.sampler.loop", expected: "p_sample_loop or ddim_sample_loop", found: other)
    }
  }
}

/// Keeps what every step of a chain did, batch after batch, by respaced index.
final class StepRecorder: StepObserver {
  struct Step {
    var noise: [Float] = []
    var predictedStart: [Float] = []
    var previous: [Float] = []
  }

  private(set) var steps: [Int: Step] = [:]

  func observe(_ view: StepView) {
    for position in 0..<view.samples.count {
      steps[view.index, default: Step()].noise.append(contentsOf: view.noise(position))
      steps[view.index, default: Step()].predictedStart.append(contentsOf: view.predictedStart(position))
      if let previous = view.previous(position) { steps[view.index, default: Step()].previous.append(contentsOf: previous) }
    }
  }

  /// `eps_step_…`, `pred_xstart_step_…` and `x_step_…` of a chain of `count` steps, numbered from the noisiest.
  func numbered(count: Int, shape: [Int]) throws -> [String: HostTensor] {
    var outputs: [String: HostTensor] = [:]
    for (index, step) in steps {
      let number = count - 1 - index
      outputs[CaseInputs.numbered("eps_step_", number)] = try HostTensor(floats: step.noise, shape: shape)
      outputs[CaseInputs.numbered("pred_xstart_step_", number)] = try HostTensor(floats: step.predictedStart, shape: shape)
      outputs[CaseInputs.numbered("x_step_", number)] = try HostTensor(floats: step.previous, shape: shape)
    }
    return outputs
  }
}
