import Basics
import Diffusion
import Testing

/// Numbers with awkward bits: sums of them depend on the order of additions.
private func number(_ sample: Int, _ element: Int) -> Double {
  let words = Philox(seed: 11).block(SIMD4(UInt32(sample), UInt32(element), 0, 99))
  return (Double(words.x) - 0x1p31) * 0x1p-20 + Double(words.y) * 0x1p-40
}

private func leaves(_ samples: Range<Int>, elements: Int = 3) throws -> LeafReduction<Moments> {
  var reduction = LeafReduction<Moments>()
  for leaf in SampleLeaf.leaves(of: samples) {
    var moments = Moments()
    for sample in samples.clamped(to: leaf * SampleLeaf.size..<(leaf + 1) * SampleLeaf.size) {
      try moments.add(elementCount: elements) { number(sample, $0) }
    }
    try reduction.add(leaf: leaf, moments)
  }
  return reduction
}

@Suite struct MomentsTests {
  @Test func mergedMomentsEqualTheTwoPassFormula() throws {
    let samples = 0..<301
    let total = try leaves(samples).total(of: samples)
    #expect(total.count == 301)
    for element in 0..<3 {
      let values = samples.map { number($0, element) }
      let mean = values.reduce(0, +) / 301
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 301
      #expect(abs(total.mean[element] - mean) < 1e-12 * variance.squareRoot())
      #expect(abs(total.variance[element] - variance) < 1e-12 * variance)
    }
  }

  @Test func aLargeOffsetDoesNotCancel() throws {
    var moments = Moments()
    for value in [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16] { try moments.add(elementCount: 1) { _ in value } }
    #expect(moments.variance == [22.5])
    #expect(moments.meanDeviation == 22.5.squareRoot())
  }

  @Test func unlikeMomentsDoNotMerge() throws {
    var (one, two) = (Moments(), Moments())
    try one.add(elementCount: 1) { _ in 1 }
    try two.add(elementCount: 2) { _ in 1 }
    #expect(throws: PlumbError.self) { try one.merge(two) }
  }
}

@Suite struct LeafReductionTests {
  @Test(arguments: [0..<400, 0..<397, 3..<8, 5..<397, 128..<1000, 1000..<1001])
  func theTotalsBitsDoNotDependOnBlocksNorOnTheirOrder(_ samples: Range<Int>) throws {
    let whole = try leaves(samples).total(of: samples)
    for size in [8, 16, 24, 40, 128] {
      let grid = samples.lowerBound / size * size
      var blocks = stride(from: grid, to: samples.upperBound, by: size).map { samples.clamped(to: $0..<$0 + size) }
      for _ in 0..<3 {
        var reduction = LeafReduction<Moments>()
        for block in blocks { try reduction.merge(try LeafReduction(numbers: leaves(block).numbers)) }
        #expect(try reduction.total(of: samples) == whole)
        // Another order of arrival each time.
        blocks =
          blocks.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
          + blocks.enumerated().filter { $0.offset % 2 == 0 }.map(\.element).reversed()
      }
    }
  }

  @Test func aLongerRunReusesTheBlocksOfAShorterOne() throws {
    var reduction = try leaves(0..<64)
    try reduction.merge(leaves(64..<150))
    #expect(try reduction.total(of: 0..<150) == leaves(0..<150).total(of: 0..<150))
  }

  @Test func aBlockKeepsFewNodes() throws {
    #expect(try leaves(0..<1024).nodes.count == 1)
    #expect(try leaves(8..<1016).nodes.count == 12)
  }

  @Test func countingTwiceAndMissingSamplesAreErrors() throws {
    var reduction = try leaves(0..<64)
    #expect(throws: PlumbError.self) { try reduction.merge(leaves(40..<48)) }
    try reduction.merge(leaves(80..<96))
    #expect(throws: PlumbError.self) { try reduction.total(of: 0..<96) }
    #expect(throws: PlumbError.self) { try LeafReduction<Moments>().total(of: 0..<8) }
  }

  @Test func damagedNumbersAreRefused() throws {
    let numbers = try leaves(0..<24).numbers
    #expect(try LeafReduction<Moments>(numbers: numbers).numbers == numbers)
    #expect(throws: PlumbError.self) { try LeafReduction<Moments>(numbers: Array(numbers.dropLast())) }
    #expect(throws: PlumbError.self) { try LeafReduction<Moments>(numbers: numbers + [0]) }
    #expect(throws: PlumbError.self) { try LeafReduction<Moments>(numbers: [.nan]) }
    #expect(throws: PlumbError.self) { try LeafReduction<Moments>(numbers: [1, 0, 0, 1, 1e18]) }
  }
}
