import Basics
import Diffusion
import Networks

/// `vq`: encoding without quantisation; decoding with and without, and bytes.
enum VQCase: CaseKind {
  static let name = "vq"
  static let families: Set<String> = ["ldm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let coder = try FirstStageCoder(LDMModel(golden, config: config), inputs)
    let encoded = try coder.encode()
    var results = try coder.decode(taps: ["quantized", "indices", "decoded_not_quantized"])
    if let indices = results["indices"] {
      results["indices"] = try HostTensor(
        integers: indices.floats().map { Int64($0) }, shape: [indices.shape[0]] + indices.shape.dropFirst(2))
    }
    results["encoded"] = encoded
    results["first_stage_encoding"] = try coder.scaled(encoded.floats(), shape: encoded.shape)
    results.merge(try FirstStageCoder.bytes(results["decoded"], [("uint8_npz", .scaled), ("uint8_png", .halved)])) { first, _ in first }
    return results
  }
}

/// `kl`: the moments and a sample from them; decoding and bytes.
enum KLCase: CaseKind {
  static let name = "kl"
  static let families: Set<String> = ["ldm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let coder = try FirstStageCoder(LDMModel(golden, config: config), inputs)
    var results = try coder.decode()
    let moments = try coder.encode()
    results["moments"] = moments
    results.merge(try FirstStageCoder.posterior(moments, noise: inputs.read("noise_posterior").floats())) { first, _ in first }
    if let sample = results["sample"] {
      results["first_stage_encoding"] = try coder.scaled(sample.floats(), shape: sample.shape)
    }
    if inputs.has("moments_extreme") {
      let extreme = try FirstStageCoder.posterior(inputs.read("moments_extreme"))
      (results["extreme_logvar"], results["extreme_std"]) = (extreme["logvar"], extreme["std"])
    }
    results.merge(try FirstStageCoder.bytes(results["decoded"], [("uint8_npz", .scaled), ("uint8_png", .halved)])) { first, _ in first }
    return results
  }
}

/// `vae`: Diffusers' autoencoder as DiT calls it.
enum VAECase: CaseKind {
  static let name = "vae"
  static let families: Set<String> = ["dit"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let coder = try FirstStageCoder(DiffusersModel(golden, config: config), inputs)
    var results = try coder.decode()
    let moments = try coder.encode()
    results["moments"] = moments
    results.merge(try FirstStageCoder.posterior(moments, noise: inputs.read("noise_posterior").floats())) { first, _ in first }
    if let sample = results["sample"] { results["sample_scaled"] = try coder.scaled(sample.floats(), shape: sample.shape) }
    results.merge(try FirstStageCoder.bytes(results["decoded"], [("uint8", .centred)])) { first, _ in first }
    return results
  }
}
