import Basics
import Diffusion
import Networks

/// `net`: a preconditioned network of EDM or PFGM++ at given noise levels, one for a whole batch and one for each picture,
/// with values inside it.
enum EDMNetCase: CaseKind {
  static let name = "net"
  static let families: Set<String> = ["edm", "pfgmpp"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let call = try EDMCall(golden, config: config)
    let blocks = try config.texts("blocks")
    guard blocks == call.network.network.blockNames else {
      throw PlumbError(
        "the case names other blocks than the network has", at: "config.blocks", expected: "\(call.network.network.blockNames)",
        found: "\(blocks)")
    }
    var results = try batches(call, inputs)
    results.merge(try vectors(call, inputs, blocks: blocks, names: Set(golden.outputs.map(\.name)))) { first, _ in first }
    results.merge(try rounding(call, inputs)) { first, _ in first }
    return results
  }

  /// `x[i]` at `sigma[i]`, a number for the whole batch.
  private static func batches(_ call: EDMCall, _ inputs: CaseInputs) throws -> [String: HostTensor] {
    let (x, sigma) = (try inputs.read("x"), try inputs.read("sigma").floats())
    guard x.shape.count == 5, x.shape[0] == sigma.count, x.shape[1] > 0, Array(x.shape.dropFirst(2)) == call.network.imageShape else {
      throw PlumbError("images do not fit the network", kind: .input, at: "x", found: "\(x.shape)")
    }
    let (count, values) = (x.shape[1], x.floats())
    let labels = try call.network.labels(inputs, "class_labels", count: count)
    let size = count * call.network.network.image.count
    let calls = try sigma.enumerated().map { index, level in
      try call(Array(values[index * size..<(index + 1) * size]), sigma: [Float](repeating: level, count: count), labels: labels)
    }
    let coefficients = sigma.flatMap { level in
      let c = call.preconditioner.coefficients(level)
      return [c.skip, c.out, c.input, c.noise]
    }
    var results = [
      "D_x": try HostTensor(floats: calls.flatMap(\.denoised), shape: x.shape),
      "F_x": try HostTensor(floats: calls.flatMap { $0.raw.floats() }, shape: [sigma.count] + (calls.first?.raw.shape ?? [])),
      "coeffs": try HostTensor(floats: coefficients, shape: [sigma.count, 4]),
    ]
    if calls.count > 1 { results["model_in"] = try HostTensor(floats: calls[1].input, shape: Array(x.shape.dropFirst())) }
    return results
  }

  /// `x_vec` at `sigma_vec`, a number for each picture: as it is, with augmentation labels, and without a class.
  private static func vectors(
    _ call: EDMCall, _ inputs: CaseInputs, blocks: [String], names: Set<String>
  ) throws -> [String: HostTensor] {
    let (x, sigma) = (try inputs.images("x_vec", shape: call.network.imageShape), try inputs.read("sigma_vec").floats())
    let shape = [sigma.count] + call.network.imageShape
    let labels = try call.network.labels(inputs, "class_labels", count: sigma.count)
    let plain = try call(x, sigma: sigma, labels: labels, taps: Set(blocks).union(["emb"]))
    let statistics = try blocks.flatMap { name -> [Float] in
      guard let values = plain.inside[name]?.doubles() else { throw PlumbError("the network does not hand out a block", at: name) }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return [Float(mean), Float((squares / Double(values.count - 1)).squareRoot())]
    }
    var results = [
      "D_x_vec": try HostTensor(floats: plain.denoised, shape: shape), "F_x_vec": plain.raw,
      "block_stats": try HostTensor(floats: statistics, shape: [blocks.count, 2]),
    ]
    results["emb"] = plain.inside["emb"]
    if inputs.has("augment_labels") {
      let augmentation = try inputs.read("augment_labels")
      guard augmentation.shape == [sigma.count, call.network.network.augmentWidth] else {
        throw PlumbError("augmentation labels do not fit", kind: .input, at: "augment_labels", found: "\(augmentation.shape)")
      }
      let found = try call(x, sigma: sigma, labels: labels, augmentation: augmentation.floats())
      results["D_x_aug"] = try HostTensor(floats: found.denoised, shape: shape)
    }
    if names.contains("D_x_nolabel") {
      let found = try call(x, sigma: sigma, labels: [Float](repeating: -1, count: sigma.count))
      results["D_x_nolabel"] = try HostTensor(floats: found.denoised, shape: shape)
    }
    return results
  }

  private static func rounding(_ call: EDMCall, _ inputs: CaseInputs) throws -> [String: HostTensor] {
    var results: [String: HostTensor] = [:]
    let levels = call.preconditioner.levels
    if !levels.isEmpty { results["u"] = try HostTensor(floats: levels, shape: [levels.count]) }
    guard inputs.has("round_in") else { return results }
    let sigma = try inputs.read("round_in").doubles()
    results["round_out"] = try HostTensor(doubles: sigma.map(call.preconditioner.round), shape: [sigma.count])
    if !levels.isEmpty {
      let places = sigma.map { Int64(call.preconditioner.index(Float($0))) }
      results["round_index"] = try HostTensor(integers: places, shape: [sigma.count])
    }
    return results
  }
}
