import Basics
import Diffusion

/// `torch_cpu_randn`: normals, uniforms and raw words of PyTorch's CPU generator, each right after seeding.
enum TorchNormalCase: CaseKind {
  static let name = "torch_cpu_randn"
  static let families: Set<String> = ["rng"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let (seeds, shapes) = (try config.seeds(), try config.shapes("sizes"))
    return try StreamOutputs.of(golden) { name, shape in
      for seed in seeds {
        var generator = TorchGenerator(seed: seed)
        if let number = name.count(after: "rand_float32_seed\(seed)_n") {
          return try HostTensor(floats: generator.uniforms(number, as: Float.self), shape: [number])
        }
        if let number = name.count(after: "rand_float64_seed\(seed)_n") {
          return try HostTensor(doubles: generator.uniforms(number, as: Double.self), shape: [number])
        }
        if let number = name.count(after: "mt19937_u32_seed\(seed)_n") {
          return try HostTensor(integers: (0..<number).map { _ in Int64(generator.word()) }, shape: [number])
        }
        for (text, shape) in shapes {
          let count = try HostTensor.elementCount(shape)
          if name == "randn_float32_seed\(seed)_n\(text)" {
            return try HostTensor(floats: generator.normals(count, as: Float.self), shape: shape)
          }
          if name == "randn_float64_seed\(seed)_n\(text)" {
            return try HostTensor(doubles: generator.normals(count, as: Double.self), shape: shape)
          }
        }
      }
      return nil
    }
  }
}

/// `torch_cpu_randint`: integers and permutations of PyTorch's CPU generator, each right after seeding.
enum TorchIntegerCase: CaseKind {
  static let name = "torch_cpu_randint"
  static let families: Set<String> = ["rng"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let ranges = try config.items("ranges") { item -> (Int64, Int64, Int)? in
      guard let list = item.list, list.count == 3, let low = list[0].wide, let high = list[1].wide, let count = list[2].drawCount else {
        return nil
      }
      return (low, high, count)
    }
    let lengths = config.has("perms") ? try config.items("perms") { $0.drawCount } : []
    var outputs: [String: HostTensor] = [:]
    for seed in try config.seeds() {
      for (low, high, count) in ranges {
        var generator = TorchGenerator(seed: seed)
        outputs["randint_seed\(seed)_\(low)_\(high)"] = try HostTensor(
          integers: generator.integers(count, from: low, below: high), shape: [count])
      }
      for length in lengths {
        var generator = TorchGenerator(seed: seed)
        outputs["randperm_seed\(seed)_n\(length)"] = try HostTensor(
          integers: generator.permutation(length).map(Int64.init), shape: [length])
      }
    }
    return outputs
  }
}

/// `torch_cpu_sequence`: draws of several sizes and types from one generator.
enum TorchSequenceCase: CaseKind {
  static let name = "torch_cpu_sequence"
  static let families: Set<String> = ["rng"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    var generator = TorchGenerator(seed: try config.seed("seed"))
    var outputs: [String: HostTensor] = [:]
    for (position, draw) in try config.items("draws", { $0.list }).enumerated() {
      guard let kind = draw.first?.text, let count = draw.last?.drawCount else {
        throw PlumbError("a draw is not a name and a count", kind: .input, at: "config.draws[\(position)]")
      }
      let name = "draw_" + (position < 10 ? "0" : "") + "\(position)_\(kind)_n\(count)"
      switch (kind, draw.count) {
      case ("randn", 2): outputs[name] = try HostTensor(floats: generator.normals(count, as: Float.self), shape: [count])
      case ("randn64", 2): outputs[name] = try HostTensor(doubles: generator.normals(count, as: Double.self), shape: [count])
      case ("rand", 2): outputs[name] = try HostTensor(floats: generator.uniforms(count, as: Float.self), shape: [count])
      case ("rand64", 2): outputs[name] = try HostTensor(doubles: generator.uniforms(count, as: Double.self), shape: [count])
      case ("randperm", 2): outputs[name] = try HostTensor(integers: generator.permutation(count).map(Int64.init), shape: [count])
      case ("randint", 4):
        guard let low = draw[1].wide, let high = draw[2].wide else { fallthrough }
        outputs[name] = try HostTensor(integers: generator.integers(count, from: low, below: high), shape: [count])
      default:
        throw PlumbError(
          "unknown draw", kind: .input, at: "config.draws[\(position)]", expected: "randn, randn64, rand, rand64, randint or randperm",
          found: kind)
      }
    }
    return outputs
  }
}

/// `edm_stacked`: EDM's generator per sample.
enum StackedGeneratorCase: CaseKind {
  static let name = "edm_stacked"
  static let families: Set<String> = ["rng"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let seeds = try config.items("seeds") { $0.wide }
    let (shape, classes) = (try config.integers("shape"), Int64(try config.integer("label_dim")))
    let image = try HostTensor.elementCount(Array(shape.dropFirst()))
    var generators = StackedTorchGenerators(seeds: seeds)
    var outputs = ["latents": try HostTensor(floats: generators.normals(image, as: Float.self), shape: shape)]
    outputs["labels"] = try HostTensor(integers: generators.integers(1, below: classes), shape: [seeds.count])
    for name in golden.outputs.map(\.name).filter({ $0.hasPrefix("step_noise_") }).sorted() {
      outputs[name] = try HostTensor(doubles: generators.normals(image, as: Double.self), shape: shape)
    }
    generators = StackedTorchGenerators(seeds: seeds)
    for name in ["single_value_first", "single_value_second"] {
      outputs[name] = try HostTensor(floats: generators.normals(1, as: Float.self), shape: [seeds.count, 1])
    }
    generators = StackedTorchGenerators(seeds: seeds)
    outputs["labels_first"] = try HostTensor(integers: generators.integers(1, below: classes), shape: [seeds.count])
    if let wide = golden.outputs.first(where: { $0.name == "randint_wide" })?.shape, wide.count == 2, JSONValue(wide[1]).drawCount != nil {
      outputs["randint_wide"] = try HostTensor(integers: generators.integers(wide[1], below: 100), shape: wide)
    }
    return outputs
  }
}
