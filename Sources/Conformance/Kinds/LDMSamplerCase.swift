import Basics
import Diffusion

/// `sampler` of latent diffusion: DDIM or PLMS with Epsilon Scaling through the `score_corrector` hook, and the decoder.
enum LDMSamplerCase: CaseKind {
  static let name = "sampler"
  static let families: Set<String> = ["ldm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let model = try LDMModel(golden, config: config)
    let loop = try config.object("sampler")
    let process = try LDMProcess(golden).process(loop.text("ddim_discretize"), count: loop.integer("S"))
    let solver = try ReverseProcess(
      process: process, variance: .fixedSmall, sampler: sampler(loop), scaling: inputs.scaling(of: process), clipDenoised: false)

    let count = try inputs.read("noise_x_T").shape.first ?? 0
    let labels = inputs.has("class_label") ? try inputs.classes("class_label", count: count) : nil
    let chain = try LatentChain(solver, inputs: inputs, labels: labels)
    let network = try model.network(size: chain.shape[1])
    let scale = try loop.number("unconditional_guidance_scale", default: 1)
    let record = RecordedPredictions()
    var outputs: [String: HostTensor]
    if scale != 1 {
      let none = try inputs.classes("class_label_uncond", count: count)
      guard let label = none.first, none.allSatisfy({ $0 == label }) else {
        throw PlumbError("not one class that stands for none", kind: .input, at: "class_label_uncond", found: "\(none)")
      }
      let lane = try model.predictor(network, batch: count)
      let guided = ClassifierFreeGuidance(lane, scale: Float(scale), nullLabel: label, guidedCount: network.image.count)
      var predictor = RecordingPredictor(guided, into: record)
      outputs = try chain.run(predictor: &predictor)
    } else {
      if inputs.has("class_label_uncond") { _ = try inputs.read("class_label_uncond") }
      var predictor = RecordingPredictor(try model.predictor(network, batch: count), into: record)
      outputs = try chain.run(predictor: &predictor)
    }
    outputs["eps_raw"] = try record.tensor([count] + chain.shape)
    outputs["eps_timesteps"] = try HostTensor(integers: record.timesteps, shape: [record.timesteps.count])
    guard try loop.flag("decode", default: false), let samples = outputs["samples"] else { return outputs }
    outputs.merge(try decode(samples, model)) { $1 }
    return outputs
  }

  private static func sampler(_ loop: FieldReader) throws -> any TimestepSampler {
    let eta = try loop.number("eta", default: 0)
    switch try loop.text("name") {
    case "ddim":
      return GeneralizedDDIM(eta: eta)
    case "plms":
      guard eta == 0 else { throw PlumbError("PLMS has no noise", kind: .input, at: "config.sampler.eta", expected: "0", found: "\(eta)") }
      return PLMS()
    case let other:
      throw PlumbError("unknown sampler", kind: .input, at: "config.sampler.name", expected: "ddim or plms", found: other)
    }
  }

  private static func decode(_ latents: HostTensor, _ model: LDMModel) throws -> [String: HostTensor] {
    let stage = try model.autoencoder(latents: latents.shape[2])
    let results = try model.evaluate(stage.decoderGraph(), of: stage, ["x": latents.floats()], count: latents.shape[0])
    var outputs = try FirstStageCoder.bytes(results["out"], [("uint8_npz", .scaled), ("uint8_png", .halved)])
    outputs["decoded"] = results["out"]
    return outputs
  }
}
