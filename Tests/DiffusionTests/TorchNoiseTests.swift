import Basics
import Diffusion
import Testing

@Suite struct TorchNoiseTests {
  private func draw(_ noise: TorchNoise, _ sample: Int, _ purpose: NoisePurpose, _ step: Int = 0) throws -> [Float] {
    var values = [Float](repeating: .nan, count: noise.draws.elementCount)
    try values.withUnsafeMutableBufferPointer { try noise.normals(into: $0, sample: sample, purpose: purpose, step: step) }
    return values
  }

  private func drawDouble(_ noise: TorchNoise, _ sample: Int, _ step: Int) throws -> [Double] {
    var values = [Double](repeating: .nan, count: noise.draws.elementCount)
    try values.withUnsafeMutableBufferPointer { try noise.doubleNormals(into: $0, sample: sample, purpose: .step, step: step) }
    return values
  }

  /// What guided-diffusion's script draws, written out: classes, x_T and a draw per step, batch after batch.
  @Test(arguments: [4, 20, 33]) func batchesAreDrawnAsTheScriptDrawsThem(_ elements: Int) throws {
    let (batch, steps) = (3, 4)
    let noise = TorchNoise(
      try TorchDraws(.batches(of: batch), seed: 5, elementCount: elements, steps: steps, classCount: 10, drawsLabelsFirst: true))
    var script = TorchGenerator(seed: 5)
    var (labels, draws): ([Int64], [[[Float]]]) = ([], [])
    for _ in 0..<3 {
      labels += try script.integers(batch, from: 0, below: 10)
      draws.append((0...steps).map { _ in script.normals(batch * elements, as: Float.self) })
    }
    // In an order no script asks in.
    for sample in [8, 0, 4, 7, 1, 3, 6, 2, 5] {
      let row = sample % batch * elements..<(sample % batch + 1) * elements
      for step in [0, 3, 1, 2] {
        #expect(try draw(noise, sample, .step, step) == Array(draws[sample / batch][steps - step][row]), "sample \(sample), index \(step)")
      }
      #expect(try draw(noise, sample, .start) == Array(draws[sample / batch][0][row]), "x_T of sample \(sample)")
      #expect(try Int64(noise.label(ofSample: sample)) == labels[sample])
    }
    #expect(try ClassLabels.drawn(noise).labels(of: 2..<7) == labels[2..<7].map { Int32($0) })
  }

  @Test func guidanceDrawsForBothHalvesAndUsesTheFirst() throws {
    let noise = TorchNoise(try TorchDraws(.batches(of: 2), seed: 1, elementCount: 20, steps: 2, copiesPerStep: 2))
    var script = TorchGenerator(seed: 1)
    _ = script.normals(40, as: Float.self)
    let (first, second) = (script.normals(80, as: Float.self), script.normals(80, as: Float.self))
    #expect(try draw(noise, 1, .step, 1) == Array(first[20..<40]))
    #expect(try draw(noise, 1, .step, 0) == Array(second[20..<40]))
  }

  @Test func askingFromManyThreadsGivesTheSameNumbers() async throws {
    let plan = try TorchDraws(.batches(of: 4), seed: 9, elementCount: 48, steps: 6)
    let alone = TorchNoise(plan)
    let expected = try (0..<32).map { try draw(alone, $0, .step, $0 % 6) }
    let shared = TorchNoise(plan)
    let found = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
      for sample in (0..<32).reversed() { group.addTask { (sample, try draw(shared, sample, .step, sample % 6)) } }
      return try await group.reduce(into: [Int: [Float]]()) { $0[$1.0] = $1.1 }
    }
    for sample in 0..<32 { #expect(found[sample] == expected[sample], "sample \(sample)") }
  }

  /// The latents, classes and step noise of EDM's own runs, of which the cases give only the seeds.
  @Test func theDrawsOfEDMsRunsFollowFromTheirSeeds() throws {
    let cases = try GoldenCase.all("edm").filter {
      $0.description["config"]?["seeds"] != nil && $0.description["inputs"]?["latents"] != nil
    }
    #expect(cases.count >= 10, "the family has sampler cases")
    var noisy = 0
    for golden in cases {
      let seeds = (golden.description["config"]?["seeds"]?.list ?? []).compactMap(\.integer)
      try #require(!seeds.isEmpty, "\(golden.name) has seeds")
      let latents = try golden.tensor("latents")
      let elements = latents.count / seeds.count
      let hasLabels = golden.description["inputs"]?["class_labels"] != nil
      let hasNoise = golden.description["inputs"]?["noise_steps"] != nil
      let steps = hasNoise ? try golden.tensor("noise_steps").shape[0] : 1
      let classes = hasLabels ? try golden.tensor("class_labels").shape[1] : nil
      for (row, seed) in seeds.enumerated() {
        let noise = TorchNoise(
          try TorchDraws(
            .samples, seed: UInt64(seed - row), elementCount: elements, steps: steps, classCount: classes, stepPrecision: .float64))
        let start = try draw(noise, row, .start)
        #expect(zip(start, latents.floats()[(row * elements)...]).allSatisfy { abs($0 - $1) <= 2e-6 * (1 + abs($1)) }, "\(golden.name)")
        if let classes {
          let label = Int(try noise.label(ofSample: row))
          #expect(try golden.tensor("class_labels").floats()[row * classes + label] == 1, "\(golden.name): class \(label)")
        }
        guard hasNoise else { continue }
        let recorded = try golden.tensor("noise_steps").doubles()
        for number in 0..<steps {
          let expected = recorded[((number * seeds.count + row) * elements)...]
          let found = try drawDouble(noise, row, steps - 1 - number)
          #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-14 * (1 + abs($1)) }, "\(golden.name): step \(number)")
          noisy += 1
        }
      }
    }
    #expect(noisy > 0, "some case has step noise")
  }

  @Test func singlePrecisionSourcesAreWidened() throws {
    let (sample, count) = (3, 10)
    var (singles, doubles) = ([Float](repeating: 0, count: count), [Double](repeating: 0, count: count))
    let noise = PhiloxNoise(seed: 2)
    try singles.withUnsafeMutableBufferPointer { try noise.normals(into: $0, sample: sample, purpose: .step, step: 1) }
    try doubles.withUnsafeMutableBufferPointer { try noise.doubleNormals(into: $0, sample: sample, purpose: .step, step: 1) }
    #expect(doubles == singles.map(Double.init))
  }

  @Test func whatAScriptDoesNotDrawIsRefused() throws {
    let noise = TorchNoise(try TorchDraws(.samples, seed: 0, elementCount: 16, steps: 2))
    #expect(throws: PlumbError.self) { try draw(noise, 0, .forward) }
    #expect(throws: PlumbError.self) { try draw(noise, 0, .step, 2) }
    #expect(throws: PlumbError.self) { try draw(noise, -1, .start) }
    #expect(throws: PlumbError.self) { try noise.label(ofSample: 0) }
    #expect(throws: PlumbError.self) { try TorchDraws(.batches(of: 0), seed: 0, elementCount: 16, steps: 2) }
    #expect(throws: PlumbError.self) { try TorchDraws(.batches(of: .max), seed: 0, elementCount: 16, steps: 2) }
    #expect(throws: PlumbError.self) { try TorchDraws(.samples, seed: 0, elementCount: 16, steps: 0) }
  }
}
