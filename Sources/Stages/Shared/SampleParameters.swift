import Basics
import StageSchema

/// Which samples a blocked stage covers, and the seed of their random numbers.
struct SampleParameters: Sendable {
  let extent: Range<Int>
  let seed: UInt64

  static let fields: [ParameterField] = [
    ParameterField("samples", .integer(1...4_000_000_000), role: .extent, unit: "images", doc: "How many samples."),
    ParameterField(
      "first", .integer(0...4_000_000_000), default: .integer(0), role: .extent, meaning: .replicate,
      doc: "Index of the first sample: disjoint ranges of one seed, shared with a longer run."),
    ParameterField("seed", .integer(0...Int64.max), default: .integer(0), meaning: .replicate, doc: "Seed of every random number."),
  ]

  init(_ parameters: StageParameters) throws {
    let (first, samples) = (try parameters.integer("first"), try parameters.integer("samples"))
    guard first + samples <= Int(UInt32.max) else {
      throw StageIssue(.parameter(["samples"]), "sample indices end at 2^32", found: "\(first + samples)")
    }
    extent = first..<first + samples
    seed = UInt64(clamping: try parameters.integer("seed"))
  }

  /// Throws where a seed is given from which nothing follows: it would change the key and nothing else.
  func refuseSeed() throws {
    guard seed != 0 else { return }
    throw StageIssue(
      .parameter(["seed"]), "every random number was drawn elsewhere, so nothing follows from a seed", expected: "no seed beside the noise",
      found: "\(seed)")
  }
}
