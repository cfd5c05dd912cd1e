import Basics
import Networks

/// `unet`: one evaluation of the network, with values inside it.
enum UNetCase: CaseKind {
  static let name = "unet"
  static let families: Set<String> = ["adm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let network = try CaseNetwork(golden, config: config)
    let x = try inputs.images("x", shape: network.imageShape)
    let timesteps = try inputs.read("timesteps").floats()
    let count = x.count / network.network.image.count
    guard count > 0, timesteps.count == count else {
      throw PlumbError("timesteps do not fit the images", kind: .input, at: "timesteps", expected: "\(count)", found: "\(timesteps.count)")
    }
    return try network.evaluate(
      x, timesteps: timesteps, labels: network.classes(inputs, count: count)?.map { Float($0) }, outputs: golden.outputs.map(\.name))
  }
}
