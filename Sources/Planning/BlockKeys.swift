public import Basics
import StageSchema

/// The keys of a cell's blocks. They differ in nothing but a range, so the encoding is made once and only the range in it is
/// written anew.
public struct BlockKeys: Sendable {
  private var bytes: [UInt8]
  /// Where the 16 bytes of the two bounds stand.
  private let places: [Int]

  public init(_ identity: CellIdentity, inputs: CanonicalValue) {
    // Two ranges that differ in every byte of both bounds show where they stand.
    let encoding = identity.blockEncoding(0..<0, inputs: inputs)
    let other = identity.blockEncoding(-1 ..< -1, inputs: inputs)
    places = encoding.indices.filter { encoding[$0] != other[$0] }
    bytes = encoding
  }

  /// The key of one block: `CellIdentity.blockKey` of the same range.
  public mutating func key(_ range: Range<Int>) -> Digest {
    let bounds = [UInt64(bitPattern: Int64(range.lowerBound)), UInt64(bitPattern: Int64(range.upperBound))]
    for (position, place) in places.enumerated() {
      bytes[place] = UInt8(truncatingIfNeeded: bounds[position / 8] >> UInt64(8 * (position % 8)))
    }
    return Digest(of: bytes)
  }
}
