import Basics
import Checkpoints
import Foundation
import Networks

/// `forward` of DiT: one evaluation with values inside the network, the table of places, and evaluations with guidance.
enum DiTForwardCase: CaseKind {
  static let name = "forward"
  static let families: Set<String> = ["dit"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    guard let weights = golden.weights else { throw PlumbError("the case has no weights", kind: .input, at: "weights") }
    guard let arguments = config.value("model") else { throw PlumbError("a field is missing", kind: .input, at: "config.model") }
    let network = try DiT(configuration: arguments)
    let tensors = try network.tensors(in: CheckpointFile.open(weights), choice: .authors)
    let names = Set(golden.outputs.map(\.name))
    func run(_ feeds: [String: [Float]], count: Int, taps: Set<String> = []) throws -> [String: HostTensor] {
      try network.graph(taps: taps).run(feeds, count: count, weights: tensors, at: weights, on: golden.device)
    }

    let (feeds, count) = try feeds(inputs, suffix: "", network)
    var results = try run(feeds, count: count, taps: DiT.taps.intersection(names))
    for (name, value) in results where value.shape.count == 4 && name != "out" { results[name] = try tokens(value) }
    results["output"] = results["out"]
    if names.contains("pos_embed_table") { results["pos_embed_table"] = try network.placeTable() }

    guard config.has("cfg_scales") else { return results }
    var (doubled, rows) = try self.feeds(inputs, suffix: "_cfg", network)
    guard rows % 2 == 0, let x = doubled["x"] else {
      throw PlumbError("guidance needs pairs", kind: .input, at: "x_cfg", expected: "an even number", found: "\(rows)")
    }
    doubled["x"] = Array(x.prefix(x.count / 2) + x.prefix(x.count / 2))
    guard let out = try run(doubled, count: rows)["out"] else { return results }
    for scale in try config.numbers("cfg_scales") {
      let name = "output_cfg_" + String(format: "%g", scale).replacing(".", with: "p")
      results[name] = try guided(out, scale: Float(scale), channels: min(3, network.image.channels))
    }
    return results
  }

  private static func feeds(_ inputs: CaseInputs, suffix: String, _ network: DiT) throws -> ([String: [Float]], count: Int) {
    let image = network.image
    let x = try inputs.images("x" + suffix, shape: image.extents)
    let (timesteps, labels) = (try inputs.read("t" + suffix).floats(), try inputs.read("y" + suffix).floats())
    guard !timesteps.isEmpty, labels.count == timesteps.count, x.count == timesteps.count * image.count else {
      throw PlumbError(
        "timesteps or classes do not fit the latents", kind: .input, at: "t" + suffix, expected: "\(x.count / image.count)",
        found: "\(timesteps.count) and \(labels.count)")
    }
    return (["x": x, "timesteps": timesteps, "labels": labels], timesteps.count)
  }

  /// A picture of tokens, `[N, D, h, w]`, as `[N, tokens, D]`.
  private static func tokens(_ picture: HostTensor) throws -> HostTensor {
    let (count, width, length) = (picture.shape[0], picture.shape[1], picture.shape[2] * picture.shape[3])
    let values = picture.floats()
    var tokens: [Float] = []
    tokens.reserveCapacity(values.count)
    for sample in 0..<count {
      for token in 0..<length {
        for channel in 0..<width { tokens.append(values[(sample * width + channel) * length + token]) }
      }
    }
    return try HostTensor(floats: tokens, shape: [count, length, width])
  }

  /// e_u + s (e_c - e_u) for the first `channels` of the first half, which has classes, and the second, which has none; both
  /// halves get it. The other channels stay each half's own.
  private static func guided(_ out: HostTensor, scale: Float, channels: Int) throws -> HostTensor {
    var values = out.floats()
    let (size, middle) = (values.count / out.shape[0], values.count / 2)
    let count = channels * out.shape[2] * out.shape[3]
    for sample in 0..<out.shape[0] / 2 {
      for place in sample * size..<sample * size + count {
        let (labelled, plain) = (values[place], values[middle + place])
        let value = plain + scale * (labelled - plain)
        (values[place], values[middle + place]) = (value, value)
      }
    }
    return try HostTensor(floats: values, shape: out.shape)
  }
}
