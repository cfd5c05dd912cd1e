import Basics
import Diffusion
import Testing

@Suite struct MersenneTwisterTests {
  /// The C++ standard names the ten thousandth word of `std::mt19937` with its default seed.
  @Test func theKnownAnswersOfTheStandardAreMet() {
    var words = MersenneTwister(seed: 5489)
    #expect(words.next() == 3_499_211_612)
    for _ in 1..<9999 { _ = words.next() }
    #expect(words.next() == 4_123_659_995)
  }

  @Test(arguments: [0, 1, 623, 624, 625, 1248, 5000]) func skippingIsDrawingWithoutLooking(_ count: Int) {
    for lead in [0, 10, 624] {
      var (skipped, drawn) = (MersenneTwister(seed: 3), MersenneTwister(seed: 3))
      for _ in 0..<lead { _ = (skipped.next(), drawn.next()) }
      skipped.skip(count)
      for _ in 0..<count { _ = drawn.next() }
      #expect(skipped.next() == drawn.next(), "\(count) words after \(lead)")
    }
  }
}

@Suite struct TorchGeneratorTests {
  /// What `torch.manual_seed(0); torch.randn(3)` is known to print.
  @Test func theBestKnownNumbersOfTorchAreMet() {
    var generator = TorchGenerator(seed: 0)
    let values = generator.normals(3, as: Float.self)
    #expect(zip(values, [1.5410, -0.2934, -2.1788]).allSatisfy { abs($0 - $1) < 5e-5 })
  }

  @Test func onlyTheLowWordOfTheSeedCounts() {
    var (low, high) = (TorchGenerator(seed: 5), TorchGenerator(seed: 5 + 1 << 32))
    #expect(low.word() == high.word())
  }

  @Test(arguments: [0, 1, 5, 15, 16, 17, 31, 32, 100]) func skippedNormalsLeaveTheStreamWhereDrawnOnesDo(_ count: Int) {
    var (skipped, drawn) = (TorchGenerator(seed: 8), TorchGenerator(seed: 8))
    skipped.skipNormals(count, as: Float.self)
    _ = drawn.normals(count, as: Float.self)
    #expect(skipped == drawn)
    skipped.skipNormals(count, as: Double.self)
    _ = drawn.normals(count, as: Double.self)
    #expect(skipped == drawn)
  }

  @Test func impossibleRangesAreErrors() {
    var generator = TorchGenerator(seed: 0)
    #expect(throws: PlumbError.self) { try generator.integers(1, from: 3, below: 3) }
    #expect(throws: PlumbError.self) { try generator.permutation(-1) }
    #expect(throws: PlumbError.self) { try generator.permutation(1 << 32) }
    let wide = try? generator.integers(1, from: .min, below: .max)
    #expect(wide?.count == 1)
  }

  @Test func aStackedSampleDoesNotDependOnItsNeighbours() throws {
    var (pair, alone) = (StackedTorchGenerators(seeds: [4, -1]), StackedTorchGenerators(seeds: [-1]))
    #expect(Array(pair.normals(48, as: Float.self)[48...]) == alone.normals(48, as: Float.self))
    #expect(try pair.integers(1, below: 10)[1] == alone.integers(1, below: 10)[0])
  }
}

@Suite struct NumpyGeneratorTests {
  /// Numbers printed in numpy's own documentation and tutorials.
  @Test func theBestKnownNumbersOfNumpyAreMet() {
    var legacy = NumpyRandomState(seed: 0)
    #expect(abs(legacy.normal() - 1.764052345967664) < 1e-14)
    #expect(abs(legacy.normal() - 0.4001572083672233) < 1e-14)
    var present = NumpyGenerator(seed: 12345)
    #expect(present.uniform() == 0.22733602246716966)
    var zero = NumpyGenerator(seed: 0)
    #expect(zero.uniform() == 0.6369616873214543)
  }

  @Test func impossibleDrawsAreErrors() {
    var legacy = NumpyRandomState(seed: 0)
    #expect(throws: PlumbError.self) { try legacy.choice(3, 4) }
    #expect(throws: PlumbError.self) { try legacy.permutation(-1) }
    var present = NumpyGenerator(seed: 0)
    #expect(throws: PlumbError.self) { try present.integer(below: 0) }
    #expect((try? present.integer(below: 1)) == 0)
  }

  @Test func zigguratNormalsAreStandardNormal() {
    var generator = NumpyGenerator(seed: 9)
    let values = (0..<400_000).map { _ in generator.normal() }
    let count = Double(values.count)
    #expect(abs(values.reduce(0, +) / count) < 5 / count.squareRoot())
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / count - 1) < 5 * (2 / count).squareRoot())
    // P(|x| > 3.6541528853610088), the tail's own branch, is 2.58e-4.
    let tail = Double(values.filter { abs($0) > 3.6541528853610088 }.count)
    #expect(abs(tail - 103.2) < 5 * 103.2.squareRoot())
  }
}

@Suite struct TorchCUDAModelTests {
  @Test func theOffsetGrowsByFourPerCallOfAThread() throws {
    var model = try TorchCUDAModel(seed: 1, multiprocessors: 1, threadsPerMultiprocessor: 512)
    #expect(model.singles(512 * 4).count == 2048 && model.offset == 4)
    _ = model.singles(512 * 4 + 1)
    #expect(model.offset == 12)
    #expect(model.singles(0).isEmpty && model.offset == 12)
    #expect(throws: PlumbError.self) { try TorchCUDAModel(seed: 1, offset: 3, multiprocessors: 1, threadsPerMultiprocessor: 512) }
    #expect(throws: PlumbError.self) { try TorchCUDAModel(seed: 1, multiprocessors: 1, threadsPerMultiprocessor: 255) }
  }
}
