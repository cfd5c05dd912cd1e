import Basics
import Diffusion
import Foundation

/// `ancestral` of latent diffusion: single `p_sample` steps, each with its own scaler, and `p_sample_loop` over the last
/// timesteps, which has no place for one.
enum LDMAncestralCase: CaseKind {
  static let name = "ancestral"
  static let families: Set<String> = ["ldm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let model = try LDMModel(golden, config: config)
    let (source, loop) = (try LDMConfiguration(golden), try config.object("sampler"))
    let clip = JSONValue.bool(try loop.flag("clip_denoised", default: true))
    let size = try inputs.read("noise_x_T").shape
    guard size.count == 4 else { throw PlumbError("not latents", kind: .input, at: "noise_x_T", found: "\(size)") }
    let network = try model.network(size: size[2])
    /// Every training step, or those that no pipeline names.
    func solver(_ respacing: Respacing? = nil, _ scaling: EpsilonScaling = .none) throws -> ReverseProcess {
      let with: [String: JSONValue] = [
        "sampler": "ddpm", "steps": JSONValue(source.steps), "spacing": "even", "epsilon_scaling": scaling.field, "clip_denoised": clip,
      ]
      return try source.cell(network, with: with).timesteps(respacing)
    }
    let chain = try LatentChain(solver(.first(loop.integer("timesteps"))), inputs: inputs, labels: nil)
    var predictor = try model.predictor(network, batch: chain.count)
    var outputs: [String: HostTensor] = [:]
    for (name, tensor) in try chain.run(predictor: &predictor) { outputs["loop_" + name] = tensor }

    let timesteps = try inputs.read("timesteps").integers().map { Int($0) }
    let scalers = try inputs.read("eps_scaler").doubles()
    let shape = try inputs.read("x_single").shape
    guard shape.count == 5, shape[0] == timesteps.count, scalers.count == timesteps.count, shape[1] == chain.count,
      Array(shape[2...]) == chain.shape
    else { throw PlumbError("single steps do not fit each other", kind: .input, at: "x_single", found: "\(shape)") }
    let states = try inputs.rows("x_single", shape: Array(shape[1...]), count: shape[0])
    let draws = try inputs.rows("noise_single", shape: Array(shape[1...]), count: shape[0])
    var (previous, starts, means, variances): ([Float], [Float], [Float], [Float]) = ([], [], [], [])
    for (number, timestep) in timesteps.enumerated() {
      let solver = try solver(nil, EpsilonScaling(b: scalers[number]))
      guard (0..<solver.process.count).contains(timestep) else {
        throw PlumbError("no such timestep", kind: .input, at: "timesteps", found: "\(timestep)")
      }
      let noise = RecordedNoise([RecordedNoise.Draw(.start): states[number], RecordedNoise.Draw(.step): draws[number]])
      let batch = try solver.makeBatch(elementCount: chain.shape.reduce(1, *), capacity: chain.count)
      try batch.startFromPrior(0..<chain.count, noise: noise)
      let view = try batch.take(
        timestep, samples: 0..<chain.count, labels: nil, hasStart: false, steps: true, predictor: &predictor, noise: noise)
      let ofStart = Float(solver.process.posteriorMeanCoef1[timestep])
      let ofState = Float(solver.process.posteriorMeanCoef2[timestep])
      for position in 0..<chain.count {
        let start = view.predictedStart(position)
        previous.append(contentsOf: view.previous(position) ?? start)
        starts.append(contentsOf: start)
        means.append(contentsOf: zip(start, view.state(position)).map { ofStart * $0 + ofState * $1 })
      }
      variances.append(Float(log(max(solver.process.posteriorVariance[timestep], 1e-20))))
    }
    outputs["single_x_prev"] = try HostTensor(floats: previous, shape: shape)
    outputs["single_pred_x0"] = try HostTensor(floats: starts, shape: shape)
    outputs["single_mean"] = try HostTensor(floats: means, shape: shape)
    outputs["single_log_variance"] = try HostTensor(floats: variances, shape: [variances.count])
    return outputs
  }
}
