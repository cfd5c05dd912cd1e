import Basics
import Networks

/// `unet` of ermongroup/ddim: one evaluation with the weights of the sampling script, with values inside the network.
enum DDIMUNetCase: CaseKind {
  static let name = "unet"
  static let families: Set<String> = ["ddim-repo"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let model = try DDIMModel(golden, config: config)
    // The noise process, which no evaluation depends on.
    config.accept("diffusion")
    let image = model.network.image
    let (x, timesteps) = (
      try inputs.images("x", shape: image.extents), try inputs.read("t").floats()
    )
    guard !timesteps.isEmpty, x.count == timesteps.count * image.count else {
      throw PlumbError(
        "timesteps do not fit the pictures", kind: .input, at: "t", expected: "\(x.count / image.count)", found: "\(timesteps.count)")
    }
    let taps = DDIMUNet.taps.intersection(golden.outputs.map(\.name))
    return try model.run(model.network.graph(taps: taps), ["x": x, "timesteps": timesteps], count: timesteps.count)
  }
}
