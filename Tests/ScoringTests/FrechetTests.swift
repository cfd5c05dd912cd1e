import Basics
import Checkpoints
import Diffusion
import Foundation
import Scoring
import Testing

/// A case of the golden family `scores`.
private struct ScoreCase {
  let description: JSONValue
  let tensors: SafetensorsFile

  init(_ name: String) throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let folder = tests.appending(path: "Data/scores/\(name)")
    description = try JSONValue(contentsOf: folder.appending(path: "case.json").path)
    tensors = try SafetensorsFile(path: folder.appending(path: "tensors.safetensors").path)
  }

  /// Whether every value is within the tolerance the case gives for an output.
  func passes(_ output: String, _ found: [Double]) throws -> Bool {
    let expected = try tensors.read(output).doubles()
    let tolerance = description["outputs"]?[output]?["tolerance"]
    guard let relative = tolerance?["rtol"]?.double, let absolute = tolerance?["atol"]?.double, found.count == expected.count else {
      return false
    }
    return zip(found, expected).allSatisfy { abs($0 - $1) <= absolute + relative * abs($1) }
  }

  func moments(_ name: String) throws -> FeatureMoments {
    let rows = try tensors.read(name)
    var moments = try FeatureMoments(width: try #require(rows.shape.last))
    try moments.add(rows: rows.floats())
    return moments
  }
}

@Suite struct FrechetTests {
  @Test(arguments: ["fid_basic", "fid_identical", "fid_rank_deficient", "fid_two_features"])
  func theReferencesDistancesAndStatisticsAreMet(_ name: String) throws {
    let golden = try ScoreCase(name)
    let samples = try golden.moments("acts_sample").statistics()
    let reference = try golden.moments("acts_ref").statistics()
    #expect(try golden.passes("edm_mu_sample", samples.mean))
    #expect(try golden.passes("edm_sigma_sample", samples.covariance))
    #expect(try golden.passes("edm_mu_ref", reference.mean))
    #expect(try golden.passes("edm_sigma_ref", reference.covariance))
    let distance = try frechetDistance(samples, reference)
    for output in ["fid_exact", "fid_edm", "fid_pytorch_fid"] { #expect(try golden.passes(output, [distance])) }
  }

  @Test func momentsDoNotDependOnBlocks() throws {
    let rows = try ScoreCase("fid_two_features").tensors.read("acts_sample").floats()
    func leaves(_ samples: Range<Int>) throws -> LeafReduction<FeatureMoments> {
      var reduction = LeafReduction<FeatureMoments>()
      for leaf in SampleLeaf.leaves(of: samples) {
        var moments = try FeatureMoments(width: 2)
        let part = samples.clamped(to: leaf * SampleLeaf.size..<(leaf + 1) * SampleLeaf.size)
        try moments.add(rows: Array(rows[part.lowerBound * 2..<part.upperBound * 2]))
        try reduction.add(leaf: leaf, moments)
      }
      return reduction
    }
    let whole = try leaves(0..<25).total(of: 0..<25)
    var blocks = try leaves(16..<25)
    try blocks.merge(LeafReduction(numbers: leaves(0..<16).numbers))
    #expect(try blocks.total(of: 0..<25) == whole)
    let golden = try ScoreCase("fid_two_features")
    #expect(try golden.passes("edm_sigma_sample", whole.statistics().covariance))
  }

  @Test func vectorsAddedTogetherHaveTheBitsOfVectorsAddedOneByOne() throws {
    let rows = try ScoreCase("fid_basic").tensors.read("acts_sample")
    let (width, values) = (try #require(rows.shape.last), rows.floats())
    var together = try FeatureMoments(width: width)
    try together.add(rows: values)
    var single = try FeatureMoments(width: width)
    for start in stride(from: 0, to: values.count, by: width) { try single.add(rows: Array(values[start..<start + width])) }
    #expect(together == single)
  }

  @Test func aKnownDistanceOfDiagonalGaussians() throws {
    // |m|² + Σ (s1 - s2)²: 9 + (1 - 2)² + (3 - 5)².
    let first = try GaussianStatistics(mean: [0, 0], covariance: [1, 0, 0, 9])
    let second = try GaussianStatistics(mean: [3, 0], covariance: [4, 0, 0, 25])
    #expect(abs(try frechetDistance(first, second) - 14) < 1e-12)
  }

  @Test func unlikeFeaturesAndSingleSamplesAreErrors() throws {
    let two = try GaussianStatistics(mean: [0, 0], covariance: [1, 0, 0, 1])
    #expect(throws: PlumbError.self) { try frechetDistance(two, GaussianStatistics(mean: [0], covariance: [1])) }
    #expect(throws: PlumbError.self) { try GaussianStatistics(mean: [0], covariance: [.nan]) }
    var one = try FeatureMoments(width: 2)
    try one.add(rows: [1, 2])
    #expect(throws: PlumbError.self) { try one.statistics() }
    #expect(throws: PlumbError.self) { try one.add(rows: [1, 2, 3]) }
  }
}

@Suite struct ClassScoreTests {
  @Test func theReferencesScoresAreMet() throws {
    let golden = try ScoreCase("inception_score")
    let rows = try golden.tensors.read("probs").doubles()
    /// The mean over consecutive splits of so many samples; a short last split counts the same.
    func mean(splitSize: Int) throws -> [Double] {
      let (classes, size) = (10, splitSize * 10)
      let scores = try stride(from: 0, to: rows.count, by: size).map { start in
        var split = try ClassScore(classes: classes)
        for row in stride(from: start, to: min(start + size, rows.count), by: classes) { try split.add(rows[row..<row + classes]) }
        return split.score
      }
      return [scores.reduce(0, +) / Double(scores.count)]
    }
    #expect(try golden.passes("is_exact", mean(splitSize: 5000)))
    #expect(try golden.passes("is_adm", mean(splitSize: 5000)))
    #expect(try golden.passes("is_split_1000", mean(splitSize: 1000)))
    #expect(try golden.passes("is_one_split", mean(splitSize: 5200)))
  }

  @Test func certainAndUniformClassifiersScoreTheirLimits() throws {
    var certain = try ClassScore(classes: 4)
    for label in 0..<8 { try certain.add((0..<4).map { $0 == label % 4 ? 1.0 : 0.0 }) }
    #expect(abs(certain.score - 4) < 1e-12)
    var uniform = try ClassScore(classes: 4)
    try uniform.add(logits: [3, 3, 3, 3] as [Float])
    #expect(abs(uniform.score - 1) < 1e-12)
    #expect(try ClassScore(numbers: certain.numbers) == certain)
  }
}
