import Basics
import Diffusion

/// `numpy_randomstate`: numpy's legacy generator.
enum NumpyStateCase: CaseKind {
  static let name = "numpy_randomstate"
  static let families: Set<String> = ["rng"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let (sizes, choice) = (try config.items("sizes") { $0.drawCount }, try config.items("choice") { $0.drawCount })
    guard choice.count == 2 else { throw PlumbError("choice is not a population and a count", kind: .input, at: "config.choice") }
    let seeds = try config.seeds().map { seed in
      guard let word = UInt32(exactly: seed) else {
        throw PlumbError("RandomState takes seeds below 2^32", kind: .input, at: "config.seeds", found: "\(seed)")
      }
      return word
    }
    return try StreamOutputs.of(golden) { name, shape in
      for seed in seeds {
        var state = NumpyRandomState(seed: seed)
        if let size = sizes.first(where: { name == "randn_seed\(seed)_n\($0)" }) {
          return try HostTensor(doubles: (0..<size).map { _ in state.normal() }, shape: [size])
        }
        if let size = name.count(after: "rand_seed\(seed)_n") {
          return try HostTensor(doubles: (0..<size).map { _ in state.uniform() }, shape: [size])
        }
        if let size = name.count(after: "permutation_seed\(seed)_n") {
          return try HostTensor(integers: state.permutation(size).map(Int64.init), shape: [size])
        }
        if let number = name.count(after: "choice_seed\(seed)_") {
          for _ in 0..<number { _ = try state.choice(choice[0], choice[1]) }
          return try HostTensor(integers: state.choice(choice[0], choice[1]).map(Int64.init), shape: [choice[1]])
        }
        let sequence = [(0..<3).map { _ in state.normal() }, (0..<2).map { _ in state.uniform() }, (0..<2).map { _ in state.normal() }]
        if let part = ["seq_randn3_seed", "seq_rand2_seed", "seq_randn2_seed"].firstIndex(where: { name == "\($0)\(seed)" }) {
          return try HostTensor(doubles: sequence[part], shape: [sequence[part].count])
        }
      }
      return nil
    }
  }
}

/// `numpy_default_rng`: numpy's present generator, from the seed sequence up.
enum NumpyGeneratorCase: CaseKind {
  static let name = "numpy_default_rng"
  static let families: Set<String> = ["rng"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    let (seeds, count) = (try config.seeds(), config.value("n")?.drawCount ?? 0)
    return try StreamOutputs.of(golden) { name, shape in
      let size = max(shape.first ?? 0, 0)
      for seed in seeds {
        var (words, generator) = (PCG64(seed: seed), NumpyGenerator(seed: seed))
        switch name {
        case "seedsequence_state4_seed\(seed)":
          return try HostTensor(integers: NumpySeedSequence(seed: seed).words(4).map { Int64(bitPattern: $0) }, shape: [4])
        case "pcg64_raw_seed\(seed)":
          return try HostTensor(integers: (0..<size).map { _ in Int64(bitPattern: words.next()) }, shape: [size])
        case "random_seed\(seed)":
          return try HostTensor(doubles: (0..<size).map { _ in generator.uniform() }, shape: [size])
        case "integers1000_seed\(seed)":
          return try HostTensor(integers: (0..<size).map { _ in Int64(try generator.integer(below: 1000)) }, shape: [size])
        case "standard_normal_seed\(seed)":
          return try HostTensor(doubles: (0..<count).map { _ in generator.normal() }, shape: [count])
        default:
          continue
        }
      }
      return nil
    }
  }
}
