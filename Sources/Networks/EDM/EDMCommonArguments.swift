import Basics

/// The arguments that both of EDM's networks have; they differ in some defaults.
struct EDMCommonArguments: Sendable, Hashable {
  let imgResolution, inChannels, outChannels, labelDim, augmentDim, modelChannels: Int
  let channelMult: [Int]
  let channelMultEmb, numBlocks: Int
  let attnResolutions: [Int]
  let dropout, labelDropout: Double

  init(
    _ reader: inout ConfigurationReader, modelChannels: Int, channelMult: [Int], numBlocks: Int, attnResolutions: [Int]
  ) throws {
    imgResolution = try reader.integer("img_resolution", in: 1...4096)
    inChannels = try reader.integer("in_channels", in: 1...4096)
    outChannels = try reader.integer("out_channels", in: 1...4096)
    labelDim = try reader.integer("label_dim", in: 0...1_000_000, default: 0)
    augmentDim = try reader.integer("augment_dim", in: 0...65536, default: 0)
    self.modelChannels = try reader.integer("model_channels", in: 1...8192, default: modelChannels)
    self.channelMult = try reader.integers("channel_mult", count: 1...12, in: 1...64, default: channelMult)
    channelMultEmb = try reader.integer("channel_mult_emb", in: 1...64, default: 4)
    self.numBlocks = try reader.integer("num_blocks", in: 0...64, default: numBlocks)
    let resolutions = try reader.integers("attn_resolutions", count: 0...64, in: 1...4096, default: attnResolutions)
    self.attnResolutions = Set(resolutions).sorted(by: >)
    dropout = try reader.number("dropout", in: 0...1, default: 0.1)
    labelDropout = try reader.number("label_dropout", in: 0...1, default: 0)
    let halvings = 1 << (self.channelMult.count - 1)
    guard imgResolution % halvings == 0 else {
      throw PlumbError(
        "the picture cannot be halved once for every level but the first", kind: .input, at: "img_resolution",
        expected: "a multiple of \(halvings)", found: "\(imgResolution)")
    }
  }
}

extension ConfigurationReader {
  /// A list of whole numbers.
  mutating func integers(_ name: String, count: ClosedRange<Int>, in range: ClosedRange<Int>, default fallback: [Int]) throws -> [Int] {
    let bounds = Double(range.lowerBound)...Double(range.upperBound)
    let numbers = try numbers(name, count: count, in: bounds, default: fallback.map(Double.init))
    let integers = numbers.compactMap(Int.init(exactly:))
    guard integers.count == numbers.count else {
      throw PlumbError("wrong value of the network's argument", kind: .input, at: name, expected: "whole numbers", found: "\(numbers)")
    }
    return integers
  }

  /// One of the words of an enumeration.
  mutating func choice<Word: RawRepresentable & CaseIterable>(_ name: String, default fallback: Word) throws -> Word
  where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    let word = try text(name, of: words, default: fallback.rawValue)
    return Word(rawValue: word) ?? fallback
  }
}
