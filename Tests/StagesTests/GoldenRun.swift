import Basics
import Checkpoints
import Diffusion
import Foundation
import Testing

/// A golden case with what a pipeline needs of it: files of its draws and pictures, and what is expected of it.
final class GoldenRun {
  /// Mean norms of the predicted noise under a field of the curve, by respaced index, each with what it may be off.
  struct Norms {
    let field: String
    var means: [(index: Int, (mean: Double, tolerance: Double))] = []
  }

  let folder: String
  let description: JSONValue
  private let tensors: SafetensorsFile
  private let scratch: String

  init(_ name: String) throws {
    folder = "\(TinyRun.repository)/Tests/Golden/\(name)"
    description = try JSONValue(contentsOf: folder + "/case.json")
    tensors = try SafetensorsFile(path: folder + "/tensors.safetensors")
    scratch = FileManager.default.temporaryDirectory.path + "/plumb-golden-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(scratch)
  }

  func remove() { try? FileManager.default.removeItem(atPath: scratch) }

  var config: JSONValue { description["config"] ?? .null }
  var weights: String { folder + "/" + (description["weights"]?.text ?? "") }

  func tensor(_ name: String) throws -> HostTensor { try tensors.read(name) }

  func tolerance(_ output: String) -> (absolute: Double, relative: Double) {
    let values = description["outputs"]?[output]?["tolerance"]
    return (values?["atol"]?.double ?? 0, values?["rtol"]?.double ?? 0)
  }

  private func has(_ name: String) -> Bool { tensors.entry(name) != nil }

  /// Samples of the run. With guidance DiT takes every one twice, the second half without a class.
  var samples: Int {
    get throws {
      let start = try #require(["noise_x_T", "noise_q", "latents"].first(where: has))
      let rows = try tensor(start).shape[0]
      return config["sampler"]?["cfg_scale"] == nil ? rows : rows / 2
    }
  }

  /// k and b of `eps_scaler`, one number for each timestep.
  func scaling() throws -> EpsilonScaling {
    guard has("eps_scaler") else { return .none }
    let values = try tensor("eps_scaler").doubles()
    return EpsilonScaling(k: values.count > 1 ? (values[values.count - 1] - values[0]) / Double(values.count - 1) : 0, b: values[0])
  }

  /// A file of the case's draws for load-noise; nil where the case tells seeds, from which they follow.
  func writeNoise() throws -> String? {
    guard description["family"]?.text != "edm" else { return nil }
    let count = try samples
    func first(_ tensor: HostTensor, axis: Int) throws -> [Float] {
      let (values, size) = (tensor.floats(), tensor.shape.dropFirst(axis + 1).reduce(1, *))
      return (0..<tensor.shape.prefix(axis).reduce(1, *)).flatMap { row in
        values[row * tensor.shape[axis] * size..<(row * tensor.shape[axis] + count) * size]
      }
    }
    var arrays: [(name: String, tensor: HostTensor)] = []
    if has("beta") {
      arrays += try perturbation(count)
    } else {
      let start = try tensor(has("noise_x_T") ? "noise_x_T" : "noise_q")
      let shape = [count] + start.shape.dropFirst()
      arrays.append((name: "start", tensor: try HostTensor(floats: first(start, axis: 0), shape: shape)))
      let rows = try (0..<1000).map { String(format: "noise_step_%03d", $0) }.prefix(while: has).map { try first(tensor($0), axis: 0) }
      if !rows.isEmpty { arrays.append((name: "steps", tensor: try HostTensor(floats: rows.flatMap { $0 }, shape: [rows.count] + shape))) }
      if has("noise_steps") {
        let steps = try tensor("noise_steps")
        arrays.append((name: "steps", tensor: try HostTensor(floats: first(steps, axis: 1), shape: [steps.shape[0]] + shape)))
      }
    }
    if has("y") {
      arrays.append((name: "labels", tensor: try HostTensor(integers: Array(tensor("y").integers().prefix(count)), shape: [count])))
    }
    return try write(arrays, to: "noise.safetensors")
  }

  /// The directions of PFGM++'s prior, and normals of whose squares the Beta draws are made: X / (X + Y) = b with Y = 1.
  private func perturbation(_ count: Int) throws -> [(name: String, tensor: HostTensor)] {
    let (beta, gaussian, image) = (try tensor("beta").doubles(), try tensor("gaussian"), try tensor("latents").shape)
    let (elements, dimensions) = (gaussian.shape[1], try #require(config["D"]?.integer))
    let radius = beta.flatMap { beta in
      var normals = [Float](repeating: 0, count: elements + dimensions)
      normals[0] = Float((beta / (1 - beta)).squareRoot())
      normals[elements] = 1
      return normals
    }
    return [
      (name: "start", tensor: try HostTensor(floats: gaussian.floats(), shape: image)),
      (name: "radius", tensor: try HostTensor(floats: radius, shape: [count, elements + dimensions])),
    ]
  }

  /// The pictures of the case as bytes [N, C, H, W], in an order in which sample i starts from picture i.
  func writeImages(seed: UInt64) throws -> String {
    let pictures = try tensor("x_0")
    let bytes = pictures.floats().map { UInt8(clamping: Int((($0 + 1) * 127.5).rounded())) }
    let areBytes = zip(bytes, pictures.floats()).allSatisfy { abs(Pixels.model($0) - $1) < 1e-6 }
    try #require(areBytes, "x_0 is not made of bytes")
    let order = try ImageOrder(count: pictures.shape[0], seed: seed, purpose: .chainOrder)
    let size = bytes.count / pictures.shape[0]
    var placed = bytes
    for sample in 0..<pictures.shape[0] {
      let place = try order.image(ofSample: sample)
      placed.replaceSubrange(place * size..<(place + 1) * size, with: bytes[sample * size..<(sample + 1) * size])
    }
    return try write([(name: "images", tensor: HostTensor(dtype: .uint8, shape: pictures.shape, bytes: placed))], to: "images.safetensors")
  }

  private func write(_ arrays: [(name: String, tensor: HostTensor)], to name: String) throws -> String {
    try AtomicFile.write(Safetensors.encode(arrays, metadata: [:]), to: scratch + "/" + name)
    return scratch + "/" + name
  }

  /// Bytes [N, H, W, C] with the channels moved to the front.
  func channelsFirst(_ name: String) throws -> [UInt8] {
    let tensor = try tensor(name)
    let (area, channels, bytes) = (tensor.shape[1] * tensor.shape[2], tensor.shape[3], tensor.bytes)
    return (0..<tensor.shape[0]).flatMap { image in
      (0..<channels).flatMap { channel in (0..<area).map { bytes[(image * area + $0) * channels + channel] } }
    }
  }
}

extension GoldenRun {
  /// The mean norm over the rows of an output, and how far the output's tolerance lets it be off: |‖a‖ - ‖b‖| <= ‖a - b‖.
  private func mean(_ values: ArraySlice<Float>, _ tolerance: (absolute: Double, relative: Double)) throws -> (Double, Double) {
    let rows = try samples
    let size = values.count / rows
    var (sum, slack) = (0.0, 0.0)
    for row in 0..<rows {
      let image = values[(values.startIndex + row * size)..<(values.startIndex + (row + 1) * size)]
      let norm = image.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      sum += norm
      slack += Double(size).squareRoot() * tolerance.absolute + tolerance.relative * norm
    }
    return (sum / Double(rows), slack / Double(rows))
  }

  /// From the predictions `eps_step_…` of every step.
  func stepNorms() throws -> [Norms] {
    let names = (0..<1000).map { String(format: "eps_step_%03d", $0) }.prefix(while: has)
    try #require(!names.isEmpty, "the case keeps no predictions")
    var norms = Norms(field: "epsilon_norm")
    for (number, name) in names.enumerated() {
      norms.means.append((names.count - 1 - number, try mean(tensor(name).floats()[...], tolerance(name))))
    }
    return [norms]
  }

  /// From `eps_raw` of a multistep chain, whose first step evaluates twice.
  func multistepNorms() throws -> [Norms] {
    let raw = try tensor("eps_raw")
    let (values, steps) = (raw.floats(), raw.shape[0] - 1)
    let size = values.count / raw.shape[0]
    func row(_ number: Int) throws -> (Double, Double) {
      try mean(values[number * size..<(number + 1) * size], tolerance("eps_raw"))
    }
    var norms = Norms(field: "epsilon_norm", means: [(steps - 1, try row(0))])
    for step in 1..<steps { norms.means.append((steps - 1 - step, try row(step + 1))) }
    return [norms, Norms(field: "correction_norm", means: [(steps - 2, try row(1))])]
  }

  /// From EDM's own means, of first evaluations and of second ones.
  func levelNorms() throws -> [Norms] {
    func norms(_ field: String, _ output: String, first index: Int) throws -> Norms {
      let (values, tolerance) = (try tensor(output).doubles(), self.tolerance(output))
      return Norms(
        field: field,
        means: values.enumerated().map {
          (index - $0.offset, ($0.element, tolerance.absolute + tolerance.relative * abs($0.element)))
        })
    }
    let steps = try tensor("eps_l2_euler").count
    let first = try norms("epsilon_norm", "eps_l2_euler", first: steps - 1)
    return has("eps_l2_correction") ? [first, try norms("correction_norm", "eps_l2_correction", first: steps - 2)] : [first]
  }
}
