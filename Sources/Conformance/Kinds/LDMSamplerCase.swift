import Basics
import Diffusion
import Networks
import Stages

/// `sampler` of latent diffusion: DDIM or PLMS with Epsilon Scaling through the `score_corrector` hook, and the decoder.
enum LDMSamplerCase: CaseKind {
  static let name = "sampler"
  static let families: Set<String> = ["ldm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let model = try LDMModel(golden, config: config)
    let loop = try config.object("sampler")
    let shape = try inputs.read("noise_x_T").shape
    guard shape.count == 4 else { throw PlumbError("not latents", kind: .input, at: "noise_x_T", found: "\(shape)") }
    let (count, network) = (shape[0], try model.network(size: shape[2]))
    let labels = inputs.has("class_label") ? try inputs.classes("class_label", count: count) : nil
    let cell = try LDMConfiguration(golden).cell(network, with: parameters(loop, inputs, count: count))
    let chain = try LatentChain(cell.timesteps(), inputs: inputs, labels: labels)
    try inputs.check(timesteps: chain.solver.process)
    let record = RecordedPredictions()
    var outputs = try chain.run(cell.guidance.guided(model.predictor(network, batch: count), cell.facts), into: record)
    outputs["eps_raw"] = try record.tensor([count] + chain.shape)
    outputs["eps_timesteps"] = try HostTensor(integers: record.timesteps, shape: [record.timesteps.count])
    guard try loop.flag("decode", default: false), let samples = outputs["samples"] else { return outputs }
    outputs.merge(try decode(samples, model)) { $1 }
    return outputs
  }

  /// What the case says, as a pipeline does.
  private static func parameters(_ loop: FieldReader, _ inputs: CaseInputs, count: Int) throws -> [String: JSONValue] {
    var with: [String: JSONValue] = [
      "steps": JSONValue(try loop.integer("S")), "spacing": .text("ldm-" + (try loop.text("ddim_discretize"))),
      "epsilon_scaling": try inputs.scaling().field,
    ]
    let eta = try loop.number("eta", default: 0)
    switch try loop.text("name") {
    case "ddim":
      with["sampler"] = "generalized"
      with["eta"] = .number(eta)
    case "plms":
      guard eta == 0 else { throw PlumbError("PLMS has no noise", kind: .input, at: "config.sampler.eta", expected: "0", found: "\(eta)") }
      with["sampler"] = "plms"
    case let other:
      throw PlumbError("unknown sampler", kind: .input, at: "config.sampler.name", expected: "ddim or plms", found: other)
    }
    let none = inputs.has("class_label_uncond") ? try inputs.classes("class_label_uncond", count: count) : []
    let scale = try loop.number("unconditional_guidance_scale", default: 1)
    guard scale != 1 else { return with }
    guard let label = none.first, none.allSatisfy({ $0 == label }) else {
      throw PlumbError("not one class that stands for none", kind: .input, at: "class_label_uncond", found: "\(none)")
    }
    with["guidance"] = ["scale": .number(scale), "null_class": JSONValue(Int(label))]
    return with
  }

  private static func decode(_ latents: HostTensor, _ model: LDMModel) throws -> [String: HostTensor] {
    let stage = try model.autoencoder(latents: latents.shape[2])
    let results = try model.evaluate(stage.decoderGraph(), of: stage, ["x": latents.floats()], count: latents.shape[0])
    var outputs = try FirstStageCoder.bytes(results["out"], [("uint8_npz", .scaled), ("uint8_png", .halved)])
    outputs["decoded"] = results["out"]
    return outputs
  }
}
