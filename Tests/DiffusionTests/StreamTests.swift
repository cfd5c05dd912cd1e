import Basics
import Diffusion
import Testing

@Suite struct PhiloxTests {
  /// Known-answer vectors of Random123 (`kat_vectors`, philox4x32 with 10 rounds).
  @Test func theKnownAnswersOfRandom123AreMet() {
    let zero = Philox(key: SIMD2(0, 0)).block(SIMD4(0, 0, 0, 0))
    #expect(zero == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = Philox(key: SIMD2(repeating: .max)).block(SIMD4(repeating: .max))
    #expect(ones == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = Philox(key: SIMD2(0xa409_3822, 0x299f_31d0)).block(SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344))
    #expect(pi == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func theSeedsLowWordIsTheFirstWordOfTheKey() {
    #expect(Philox(seed: 0x299f_31d0_a409_3822).key == SIMD2(0xa409_3822, 0x299f_31d0))
  }
}

@Suite struct PhiloxNoiseTests {
  private func draw(_ count: Int, seed: UInt64 = 7, sample: Int = 3, purpose: NoisePurpose = .start, step: Int = 0) throws -> [Float] {
    var values = [Float](repeating: .nan, count: count)
    try values.withUnsafeMutableBufferPointer {
      try PhiloxNoise(seed: seed).normals(into: $0, sample: sample, purpose: purpose, step: step)
    }
    return values
  }

  @Test func aDrawDependsOnEachOfItsCoordinatesAndOnNothingElse() throws {
    let base = try draw(64)
    #expect(try draw(64) == base)
    #expect(try draw(64, seed: 8) != base)
    #expect(try draw(64, sample: 4) != base)
    #expect(try draw(64, purpose: .step) != base)
    #expect(try draw(64, step: 1) != base)
    for count in 1..<9 { #expect(try draw(count) == Array(base.prefix(count))) }
  }

  @Test func drawsAreStandardNormal() throws {
    let values = try draw(200_000).map(Double.init)
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
    // Five standard errors.
    #expect(abs(mean) < 5 / count.squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / count).squareRoot())
    #expect(abs(fourth - 3) < 5 * (96 / count).squareRoot())
  }

  @Test func aNegativeSampleIsRefused() {
    #expect(throws: PlumbError.self) { try draw(4, sample: -1) }
    #expect(throws: PlumbError.self) { try draw(4, sample: 1 << 32) }
  }
}

@Suite struct RecordedNoiseTests {
  @Test func aDrawOfNoStepServesEveryStepAndMissingOnesAreErrors() throws {
    let noise = RecordedNoise([.init(.forward): [1, 2, 3, 4], .init(.step, step: 2): [5, 6]])
    var values: [Float] = [0, 0]
    try values.withUnsafeMutableBufferPointer { try noise.normals(into: $0, sample: 1, purpose: .forward, step: 9) }
    #expect(values == [3, 4])
    #expect(throws: PlumbError.self) {
      try values.withUnsafeMutableBufferPointer { try noise.normals(into: $0, sample: 0, purpose: .step, step: 1) }
    }
    #expect(throws: PlumbError.self) {
      try values.withUnsafeMutableBufferPointer { try noise.normals(into: $0, sample: 1, purpose: .step, step: 2) }
    }
  }
}

@Suite struct ImageOrderTests {
  @Test func everyImageIsTakenOncePerRound() throws {
    let order = try ImageOrder(count: 101, seed: 5, purpose: .chainOrder)
    #expect(order.permutation.sorted() == Array(0..<101))
    #expect(order.permutation != Array(0..<101))
    #expect(try order.image(ofSample: 101 + 17) == order.permutation[17])
    #expect(throws: PlumbError.self) { try order.image(ofSample: -1) }
  }

  @Test func seedAndPurposeChangeTheOrder() throws {
    let order = try ImageOrder(count: 50, seed: 5, purpose: .chainOrder)
    #expect(try ImageOrder(count: 50, seed: 5, purpose: .chainOrder) == order)
    #expect(try ImageOrder(count: 50, seed: 6, purpose: .chainOrder) != order)
    #expect(try ImageOrder(count: 50, seed: 5, purpose: .trainingOrder) != order)
    #expect(throws: PlumbError.self) { try ImageOrder(count: 0, seed: 5, purpose: .chainOrder) }
  }
}

@Suite struct ClassLabelTests {
  @Test func labelsComeFromTheSampleTheImageOrTheSeed() throws {
    #expect(try ClassLabels.given([3, 1, 2]).labels(of: 1..<3) == [1, 2])
    #expect(throws: PlumbError.self) { try ClassLabels.given([3]).labels(of: 1..<2) }
    let order = try ImageOrder(count: 3, seed: 1, purpose: .chainOrder)
    #expect(try ClassLabels.ofImages([7, 8, 9], order: order).labels(of: 4..<5) == [Int32(7 + order.permutation[1])])
    let drawn = try ClassLabels.uniform(classes: 10, seed: 4).labels(of: 0..<500)
    #expect(Set(drawn) == Set(0..<10))
    #expect(try ClassLabels.uniform(classes: 10, seed: 4).labels(of: 100..<120) == Array(drawn[100..<120]))
  }
}
