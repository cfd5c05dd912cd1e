import Basics

/// Makes inputs out of honest and hostile files: input `index` of a seed is always the same.
public struct Mutator: Sendable {
  private let corpus: [[UInt8]]
  /// Leading files of the corpus, small and honest, that every other input starts from.
  private let generated: Int
  private let seed: UInt64

  /// Throws when there is nothing to start from.
  public init(corpus: FuzzCorpus, seed: UInt64) throws {
    let (corpus, generated) = (corpus.files, corpus.generatedCount)
    guard !corpus.isEmpty else { throw PlumbError("the corpus is empty", kind: .input) }
    self.corpus = corpus
    self.generated = generated
    self.seed = seed
  }

  /// One input. The first ones are the corpus itself.
  public func input(_ index: Int) -> [UInt8] {
    if corpus.indices.contains(index) { return corpus[index] }
    var numbers = SeededNumbers(seed: seed, index: UInt64(index))
    var bytes = corpus[numbers.below(numbers.once(in: 2) ? generated : corpus.count)]
    let other = corpus[numbers.below(corpus.count)]
    repeat { Self.mutate(&bytes, other: other, &numbers) } while numbers.once(in: 3)
    return bytes
  }

  private static func mutate(_ bytes: inout [UInt8], other: [UInt8], _ numbers: inout SeededNumbers) {
    // One change in four is blind: structure is what readers stumble over.
    if numbers.once(in: 4) { return ByteMutations.apply(to: &bytes, other: other, &numbers) }
    if bytes.starts(with: [0x50, 0x4B]) {
      if numbers.once(in: 3) { return ZipParts.damage(&bytes, &numbers) }
      guard var parts = ZipParts(bytes) else { return ZipParts.damage(&bytes, &numbers) }
      let position = numbers.below(parts.members.count)
      // The pickle is one of many records, and the one that matters.
      let pickle = parts.members.firstIndex { $0.name.suffix(8).elementsEqual("data.pkl".utf8) }
      let chosen = pickle.map { numbers.once(in: 5) ? position : $0 } ?? position
      mutate(member: &parts.members[chosen].bytes, other: other, &numbers)
      if numbers.once(in: 16) { parts.members.swapAt(position, numbers.below(parts.members.count)) }
      if numbers.once(in: 16) { parts.members.append(parts.members[position]) }
      bytes = parts.encoded
    } else {
      mutate(member: &bytes, other: other, &numbers)
    }
  }

  /// A file that is no zip, or a member of one.
  private static func mutate(member bytes: inout [UInt8], other: [UInt8], _ numbers: inout SeededNumbers) {
    if bytes.first == 0x80 {
      PickleMutations.apply(to: &bytes, &numbers)
    } else if bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 10 {
      replaceHeader(&bytes, lengthAt: 8, width: bytes[6] == 1 ? 2 : 4, &numbers)
    } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
      replaceHeader(&bytes, lengthAt: 0, width: 8, &numbers)
    } else {
      ByteMutations.apply(to: &bytes, other: other, &numbers)
    }
  }

  /// Changes a header of text that stands behind its length, and mostly makes the length fit again.
  private static func replaceHeader(_ bytes: inout [UInt8], lengthAt position: Int, width: Int, _ numbers: inout SeededNumbers) {
    let start = position + width
    guard start <= bytes.count else { return }
    let length = (0..<min(width, 4)).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    guard length <= bytes.count - start else { return ByteMutations.flip(&bytes, &numbers) }
    var text = Array(bytes[start..<start + length])
    TextMutations.apply(to: &text, &numbers)
    bytes.replaceSubrange(start..<start + length, with: text)
    guard !numbers.once(in: 6) else { return ByteMutations.overwriteLength(&bytes, at: position, width: width, &numbers) }
    for offset in 0..<width { bytes[position + offset] = offset < 4 ? UInt8(truncatingIfNeeded: text.count >> (8 * offset)) : 0 }
  }
}
