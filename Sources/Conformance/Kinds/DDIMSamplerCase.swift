import Basics
import Checkpoints
import Diffusion
import Networks
import StageRuntime

/// `sampler` of ermongroup/ddim: `generalized_steps` or `ddpm_steps` as `sample_image` calls them, the predicted noise divided
/// by `eps_scaler`.
enum DDIMSamplerCase: CaseKind {
  static let name = "sampler"
  static let families: Set<String> = ["ddim-repo"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let model = try DDIMModel(golden, config: config)
    let solver = try solver(model.network, config, config.object("sampler"))
    guard try config.integers("seq") == solver.process.timestepMap else {
      throw PlumbError("seq is not that of the process", kind: .input, at: "config.seq", expected: "\(solver.process.timestepMap)")
    }
    let data = golden.config["data"]
    guard data?["rescaled"]?.bool == true, data?["logit_transform"]?.bool != true else {
      throw PlumbError("pictures of another range than [-1, 1]", kind: .input, at: "config.data", expected: "rescaled: true")
    }
    let image = model.network.image
    let shape = image.extents
    var draws = try inputs.draw("noise_x_T", as: .start, shape: shape)
    let count = (draws.values.first?.count ?? 0) / image.count
    draws.merge(try inputs.stepDraws(shape: shape, steps: solver.process.count)) { first, _ in first }

    let run = SamplingRun(solver: solver, elementCount: image.count, noise: RecordedNoise(draws))
    let (recorder, all) = (StepRecorder(), [count] + shape)
    var (predictor, images): (_, [Float]) = (
      try LanePredictor(model.network, model.tensors, at: model.weights, batch: count, on: model.device), []
    )
    _ = try run.run(samples: 0..<count, batch: count, predictor: &predictor, observers: [recorder]) { images.append(contentsOf: $1) }
    let sample = try HostTensor(floats: images, shape: all)
    var outputs = try recorder.numbered(count: solver.process.count, shape: all)
    outputs["sample"] = sample
    return outputs.merging(try FirstStageCoder.bytes(sample, [("sample_uint8", .rounded)])) { $1 }
  }

  /// The solver of a cell that says what the case says.
  private static func solver(_ network: any Network, _ config: FieldReader, _ loop: FieldReader) throws -> ReverseProcess {
    let diffusion = try config.object("diffusion")
    let name = try diffusion.text("beta_schedule")
    var process: [String: JSONValue] = [
      "noise_schedule": .text("ddim-" + name), "diffusion_steps": JSONValue(try diffusion.integer("num_diffusion_timesteps")),
      "variance": "fixed-large",
    ]
    // A value the schedule does not use is left aside, as there.
    let (start, end) = (try diffusion.number("beta_start"), try diffusion.number("beta_end"))
    if !["const", "jsd"].contains(name) { process["beta_start"] = .number(start) }
    if name != "jsd" { process["beta_end"] = .number(end) }
    var with: [String: JSONValue] = [
      "steps": JSONValue(try loop.integer("timesteps")), "spacing": .text("ddim-" + (try loop.text("skip_type"))),
      "epsilon_scaling": EpsilonScaling(b: try loop.number("eps_scaler", default: 1)).field,
    ]
    let eta = try loop.number("eta", default: 0)
    switch try loop.text("sample_type") {
    case "generalized":
      with["sampler"] = "generalized"
      with["eta"] = .number(eta)
    case "ddpm_noisy":
      with["sampler"] = "ddpm"
    case let other:
      throw PlumbError(
        "unknown sampling loop", kind: .input, at: "config.sampler.sample_type", expected: "generalized or ddpm_noisy", found: other)
    }
    return try CaseCell(network, process: process, with: with).timesteps()
  }
}
