import Basics
import Networks

/// `unet` of latent diffusion: one evaluation with the weights of the sampling script, with values inside it, and one with
/// the weights that were trained.
enum LDMUNetCase: CaseKind {
  static let name = "unet"
  static let families: Set<String> = ["ldm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let model = try LDMModel(golden, config: config)
    // Says which of the two evaluations are there; so do the outputs.
    config.accept("use")
    let (x, timesteps) = (try inputs.read("x"), try inputs.read("t").floats())
    guard x.shape.count == 4, x.shape[2] == x.shape[3], timesteps.count == x.shape[0] else {
      throw PlumbError("latents or timesteps do not fit", kind: .input, at: "x", found: "\(x.shape), \(timesteps.count) timesteps")
    }
    var feeds = ["x": x.floats(), "timesteps": timesteps]
    var tokens: Int?
    if inputs.has("context") {
      let context = try inputs.read("context")
      guard context.shape.count == 3 else { throw PlumbError("context is not tokens", kind: .input, at: "context") }
      (tokens, feeds["context"]) = (context.shape[1], context.floats())
    }
    if inputs.has("class_label") { feeds["labels"] = try inputs.read("class_label").floats() }
    let network = try model.network(size: x.shape[2], tokens: tokens)
    guard x.shape[1] == network.image.channels else {
      throw PlumbError("latents do not fit the network", kind: .input, at: "x", expected: "\(network.image)", found: "\(x.shape)")
    }

    let names = Set(golden.outputs.map(\.name))
    let graph = try network.graph(taps: type(of: network).taps.intersection(names))
    var results = try model.run(graph, of: network, feeds, count: timesteps.count)
    results["eps"] = results["out"]
    // An embedded class is a sequence of one token.
    if let context = results["context"] {
      results["context"] = try HostTensor(floats: context.floats(), shape: [context.shape[0], 1] + context.shape.dropFirst())
    }
    if names.contains("eps_raw") {
      results["eps_raw"] = try model.run(network.graph(), of: network, feeds, count: timesteps.count, choice: .raw)["out"]
    }
    return results
  }
}
