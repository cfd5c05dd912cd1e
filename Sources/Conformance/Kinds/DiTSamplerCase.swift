import Basics
import Checkpoints
import Diffusion
import Networks
import StageRuntime
import Stages

/// `sampler` of DiT: `p_sample_loop` or `ddim_sample_loop` with Epsilon Scaling, with and without guidance.
enum DiTSamplerCase: CaseKind {
  static let name = "sampler"
  static let families: Set<String> = ["dit"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    guard let weights = golden.weights else { throw PlumbError("the case has no weights", kind: .input, at: "weights") }
    guard let arguments = config.value("model") else { throw PlumbError("a field is missing", kind: .input, at: "config.model") }
    let network = try NetworkCatalogue.network(architecture: "dit", configuration: arguments)
    let loop = try config.object("sampler")
    let scale = try loop.number("cfg_scale")
    let cell = try cell(network, loop, inputs, scale: scale)
    let solver = try cell.timesteps()
    try inputs.check(timesteps: solver.process)

    let rows = try inputs.read("noise_x_T").shape.first ?? 0
    let labels = try inputs.classes("y", count: rows)
    let tensors = try network.tensors(in: CheckpointFile.open(weights), choice: .authors)
    let lane = try LanePredictor(network, tensors, at: weights, batch: rows, on: golden.device)
    let chain = try LatentChain(solver, inputs: inputs, labels: labels)
    let record = RecordedPredictions()
    guard scale > 1 else {
      var predictor = RecordingPredictor(lane, into: record)
      return try outputs(chain.run(predictor: &predictor), record, chain, network)
    }
    guard rows % 2 == 0, let label = network.nullClass, labels.suffix(rows / 2).allSatisfy({ $0 == Int32(label) }) else {
      throw PlumbError("guidance needs pairs, the second halves without a class", kind: .input, at: "y", found: "\(labels)")
    }
    var predictor = RecordingPredictor(DoubledGuidance(lane, channels: 3, of: network, scale: Float(scale)), into: record)
    var outputs = try outputs(chain.run(predictor: &predictor), record, chain, network)
    // The half that is kept does not need the other.
    var guided = cell.guidance.guided(lane, cell.facts)
    outputs["samples"] = try chain.run(samples: 0..<rows / 2, predictor: &guided)["samples"]
    return outputs
  }

  private static func outputs(
    _ results: [String: HostTensor], _ record: RecordedPredictions, _ chain: LatentChain, _ network: any Network
  ) throws -> [String: HostTensor] {
    var outputs = results
    outputs["pred_xstart"] = results["pred_x0"]
    outputs["model_output"] = try record.tensor([chain.count, network.outputChannels] + chain.shape.dropFirst())
    return outputs
  }

  /// The cell that says what the case says.
  private static func cell(_ network: any Network, _ loop: FieldReader, _ inputs: CaseInputs, scale: Double) throws -> CaseCell {
    let text = try loop.text("timestep_respacing")
    guard var with = try Respacing(parsing: text).fields(of: 1000) else {
      throw PlumbError("no pipeline keeps these timesteps", kind: .input, at: "config.sampler.timestep_respacing", found: text)
    }
    with["clip_denoised"] = .bool(try loop.flag("clip_denoised"))
    with["epsilon_scaling"] = try inputs.scaling().field
    with["guidance"] = ["scale": .number(scale)]
    let eta = try loop.number("eta", default: 0)
    switch try loop.text("method") {
    case "p_sample_loop": with["sampler"] = "ddpm"
    case "ddim_sample_loop":
      with["sampler"] = "ddim"
      with["eta"] = .number(eta)
    case let other:
      throw PlumbError(
        "unknown sampling loop", kind: .input, at: "config.sampler.method", expected: "p_sample_loop or ddim_sample_loop", found: other)
    }
    let isLearned = network.outputChannels == 2 * network.image.channels
    return try CaseCell(
      network, process: ["noise_schedule": "linear", "variance": isLearned ? "learned-range" : "fixed-large"], with: with)
  }
}

/// Guidance as DiT samples with it (`forward_with_cfg`): rows come twice, the second half without a class; only the first
/// half's images are read, and both halves carry the guided channels.
struct DoubledGuidance<Base: NoisePredictor>: NoisePredictor {
  private var base: Base
  private let area: Int
  private let guided: Int
  private let scale: Float

  /// The first `channels` of a network's output are guided.
  init(_ base: Base, channels: Int, of network: any Network, scale: Float) {
    self.base = base
    self.scale = scale
    area = network.image.height * network.image.width
    guided = min(channels, network.image.channels)
  }

  mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    let half = Array(x.prefix(x.count / 2))
    try (half + half).withUnsafeBufferPointer { try base.predict($0, count: count, timestep: timestep, labels: labels, into: out) }
    let (size, middle) = (out.count / max(count, 1), out.count / 2)
    for row in 0..<count / 2 {
      for element in row * size..<row * size + guided * area {
        let (labelled, plain) = (out[element], out[middle + element])
        let value = plain + scale * (labelled - plain)
        (out[element], out[middle + element]) = (value, value)
      }
    }
  }
}
