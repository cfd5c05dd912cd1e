import Basics
import Checkpoints
import Diffusion
import Engine
import Networks
import StageRuntime
import Stages

/// The noisy classifier of a case, with its gradient.
struct CaseClassifier {
  private let network: ADMClassifier
  private let weights: String
  private let device: any Device

  /// `arguments` are those of `EncoderUNetModel`; `weights` is the checkpoint's path.
  init(class name: String, arguments: JSONValue?, weights: String, on device: any Device) throws {
    guard name == "guided_diffusion.unet.EncoderUNetModel", let arguments else {
      throw PlumbError(
        "unknown classifier", kind: .input, at: "config", expected: "guided_diffusion.unet.EncoderUNetModel with its arguments", found: name
      )
    }
    network = try ADMClassifier(configuration: arguments)
    self.weights = weights
    self.device = device
  }

  func lane(batch: Int) throws -> any Lane {
    let (graph, source) = (try network.guidanceGraph(), try CheckpointFile.open(weights))
    try graph.check(against: source.entries, at: weights)
    return try device.lane(of: graph, weights: source, batch: batch)
  }

  /// One evaluation, forward and backward: every output by name.
  func evaluate(_ inputs: [String: [Float]], count: Int) throws -> [String: HostTensor] {
    try network.guidanceGraph().run(inputs, count: count, weights: CheckpointFile.open(weights), at: weights, on: device)
  }

  /// [C, H, W] of the images.
  var image: [Int] { network.image.extents }
}

/// `classifier-forward`: logits, log probability and its gradient.
enum ClassifierForwardCase: CaseKind {
  static let name = "classifier-forward"
  static let families: Set<String> = ["adm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    guard let weights = golden.weights else { throw PlumbError("the case has no weights", kind: .input, at: "weights") }
    let classifier = try CaseClassifier(
      class: config.text("model_class"), arguments: config.value("model_args"), weights: weights, on: golden.device)
    config.accept("script_flags", "create_classifier_flags", "classifier_flags")
    let (x, timesteps) = (try inputs.images("x", shape: classifier.image), try inputs.read("timesteps").doubles().map { Float($0) })
    let labels = try inputs.read("y").integers().map { Float($0) }
    let (count, shape) = (timesteps.count, classifier.image)
    guard x.count == count * shape.reduce(1, *), labels.count == count else {
      throw PlumbError("images, timesteps and classes do not fit", kind: .input, found: "\(count) timesteps, \(labels.count) classes")
    }
    var results = try classifier.evaluate(["x": x, "timesteps": timesteps, "labels": labels], count: count)
    results["grad"] = results["gradient"]
    return results
  }
}

/// What the cases with guidance share.
private struct Guided {
  let network: CaseNetwork
  let reverse: ReverseProcess
  let count: Int
  let labels: [Int32]
  let shape: [Int]
  let recorder = GradientRecorder()
  private let classifier: CaseClassifier
  private let guidance: ClassifierParameters
  private let scale: Float

  /// `sampler` as a pipeline says it; `name` is the input that has one image for each sample.
  init(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs, sampler: [String: JSONValue], count name: String) throws {
    network = try CaseNetwork(golden, config: config)
    guard let path = golden.parts["classifier_weights"]?.text else {
      throw PlumbError("the case has no classifier", kind: .input, at: "classifier_weights")
    }
    classifier = try CaseClassifier(
      class: config.text("classifier_class"), arguments: config.value("classifier_args"), weights: golden.folder + "/" + path,
      on: golden.device)
    let scale = try config.number("classifier_scale")
    self.scale = Float(scale)
    config.accept("classifier_flags", "create_classifier_flags")
    let configuration = try ADMConfiguration(config.object("diffusion"))
    let with = sampler.merging(["classifier_scale": .number(scale)]) { $1 }
    guidance = try configuration.cell(network.network, configuration.scaling(config), with: with).classifier
    reverse = try configuration.reverse(network.network, configuration.scaling(config), with: with)
    try reverse.check(timestepMap: config)
    shape = network.imageShape
    count = try inputs.images(name, shape: shape).count / network.network.image.count
    labels = try inputs.read("y").integers().map { Int32(clamping: $0) }
    guard labels.count == count else { throw PlumbError("classes do not fit the images", kind: .input, at: "y", found: "\(labels.count)") }
  }

  func predictor() throws -> any NoisePredictor {
    guidance.steer(
      try network.predictor(batch: count),
      RecordingClassifier(base: LaneClassifier(lane: try classifier.lane(batch: count), batch: count), recorder: recorder))
  }

  /// The recorded gradients, times the scale.
  func gradient(_ step: Int) throws -> HostTensor {
    try HostTensor(floats: recorder.gradients[step].map { $0 * scale }, shape: [count] + shape)
  }
}

/// Keeps the gradients of a chain, step by step.
private final class GradientRecorder {
  var gradients: [[Float]] = []
}

private struct RecordingClassifier: GuidingClassifier {
  var base: LaneClassifier
  let recorder: GradientRecorder

  mutating func gradient(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32], into gradient: UnsafeMutableBufferPointer<Float>
  ) throws {
    try base.gradient(x, count: count, timestep: timestep, labels: labels, into: gradient)
    recorder.gradients.append(Array(gradient))
  }
}

/// `classifier-guided-loop` and `classifier-guided-ddim`: whole chains.
enum GuidedLoopCase: CaseKind {
  static let name = "classifier-guided-loop"
  static let families: Set<String> = ["adm"]
  static let parts: Set<String> = ["classifier_weights"]

  static func covers(_ kind: String) -> Bool { kind == name || kind == "classifier-guided-ddim" }

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let guided = try Guided(
      golden, config: config, inputs: inputs, sampler: SamplerCase.sampler(config.object("sampler")), count: "noise_x_T")
    let steps = guided.reverse.process.count
    var draws = try inputs.draw("noise_x_T", as: .start, shape: guided.shape)
    draws.merge(try inputs.stepDraws(shape: guided.shape, steps: steps)) { first, _ in first }
    let run = SamplingRun(
      solver: guided.reverse, elementCount: guided.network.network.image.count, noise: RecordedNoise(draws), labels: .given(guided.labels))
    let (recorder, all) = (StepRecorder(), [guided.count] + guided.shape)
    var (predictor, images): (_, [Float]) = (try guided.predictor(), [])
    _ = try run.run(samples: 0..<guided.count, batch: guided.count, predictor: &predictor, observers: [recorder]) {
      images.append(contentsOf: $1)
    }
    var outputs = try recorder.numbered(count: steps, shape: all)
    for step in 0..<steps { outputs[CaseInputs.numbered("grad_step_", step)] = try guided.gradient(step) }
    outputs["sample"] = try HostTensor(floats: images, shape: all)
    let bytes = try images.withUnsafeBufferPointer {
      try Pixels.channelsLast($0, channels: guided.shape[0], height: guided.shape[1], width: guided.shape[2])
    }
    outputs["sample_uint8"] = try HostTensor(
      dtype: .uint8, shape: [guided.count, guided.shape[1], guided.shape[2], guided.shape[0]], bytes: bytes)
    return outputs
  }
}

/// `classifier-guided-step`: one ancestral step in parts. The mean is the step without noise, the deviation what a draw of
/// ones adds to it.
enum GuidedStepCase: CaseKind {
  static let name = "classifier-guided-step"
  static let families: Set<String> = ["adm"]
  static let parts: Set<String> = ["classifier_weights"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let step = try config.object("sampler")
    guard try step.text("step") == "p_sample" else {
      throw PlumbError("unknown step", kind: .input, at: "config.sampler.step", expected: "p_sample", found: try step.text("step"))
    }
    let guided = try Guided(
      golden, config: config, inputs: inputs,
      sampler: ["sampler": "ddpm", "clip_denoised": .bool(step.flag("clip_denoised", default: true))], count: "x")
    let index = try step.integer("index")
    guard (0..<guided.reverse.process.count).contains(index) else {
      throw PlumbError("no such step", kind: .input, at: "config.sampler.index", found: "\(index)")
    }
    let (x, draw) = (try inputs.images("x", shape: guided.shape), try inputs.images("noise", shape: guided.shape))
    let batch = try guided.reverse.makeBatch(elementCount: guided.network.network.image.count, capacity: guided.count)
    func taken(_ noise: [Float], _ predictor: some NoisePredictor) throws -> StepRecorder.Step {
      let source = RecordedNoise([.init(.start): x, .init(.step): noise])
      var predictor = predictor
      let recorder = StepRecorder()
      try batch.startFromPrior(0..<guided.count, noise: source)
      recorder.observe(
        try batch.take(
          index, samples: 0..<guided.count, labels: guided.labels, hasStart: false, steps: true, predictor: &predictor, noise: source))
      return recorder.steps[index] ?? StepRecorder.Step()
    }
    let (zeros, ones) = ([Float](repeating: 0, count: x.count), [Float](repeating: 1, count: x.count))
    let full = try taken(draw, guided.predictor())
    let mean = try taken(zeros, guided.network.predictor(batch: guided.count)).previous
    let risen = try taken(ones, guided.network.predictor(batch: guided.count)).previous
    let shape = [guided.count] + guided.shape
    func tensor(_ values: [Float]) throws -> HostTensor { try HostTensor(floats: values, shape: shape) }
    return [
      "eps": try tensor(full.noise), "pred_xstart": try tensor(full.predictedStart), "sample": try tensor(full.previous),
      "mean": try tensor(mean), "mean_guided": try tensor(taken(zeros, guided.predictor()).previous), "grad": try guided.gradient(0),
      "variance": try tensor(zip(risen, mean).map { ($0 - $1) * ($0 - $1) }),
    ]
  }
}
