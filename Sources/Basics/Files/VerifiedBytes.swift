import Synchronization

/// Bytes that are what a digest says, at every read: what is handed out was hashed after it was read.
///
/// Opening reads everything once, compares the digest, and keeps the digest of each piece. A later read reads the pieces it
/// touches and compares them again before it hands anything on, so that bytes which change in between are never used. Held in
/// memory are the piece read last, and 32 bytes for each of the others.
package final class VerifiedBytes: RandomAccessBytes {
  package let digest: Digest
  package var path: String { base.path }
  package var size: Int { base.size }

  private let base: any RandomAccessBytes
  private let pieces: [Digest]
  private let failure: @Sendable (_ found: Digest) -> PlumbError
  private let last = Mutex<(index: Int, bytes: [UInt8])?>(nil)
  private static let pieceLength = 1 << 18

  /// - Parameter failure: the error for bytes of another digest, found when opening or later.
  package init(
    _ base: any RandomAccessBytes, expecting expected: Digest, failure: @escaping @Sendable (_ found: Digest) -> PlumbError
  ) throws {
    var whole = Digester()
    var pieces: [Digest] = []
    pieces.reserveCapacity(base.size / Self.pieceLength + 1)
    try base.forEachPiece(of: Self.pieceLength) { piece in
      whole.update(piece)
      pieces.append(Digest(of: piece))
    }
    digest = whole.finish()
    guard digest == expected else { throw failure(digest) }
    self.base = base
    self.pieces = pieces
    self.failure = failure
  }

  /// Complexity: hashes the pieces of 256 KiB that the range touches.
  package func read(at offset: Int, count: Int) throws -> [UInt8] {
    guard contains(offset: offset, count: count) else {
      throw PlumbError(
        "the file is cut off", at: "\(path), byte \(offset)", expected: "\(count) more bytes", found: "a file of \(size) bytes")
    }
    guard count > 0 else { return [] }
    let (first, end) = (offset / Self.pieceLength, (offset + count - 1) / Self.pieceLength)
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      for index in first...end {
        let start = index * Self.pieceLength
        let piece = try self.piece(index)
        let wanted = max(offset, start) - start..<min(offset + count, start + piece.count) - start
        piece[wanted].withUnsafeBytes { bytes in
          UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]).copyMemory(from: bytes)
        }
        filled += wanted.count
      }
    }
  }

  private func piece(_ index: Int) throws -> [UInt8] {
    if let held = last.withLock({ $0?.index == index ? $0?.bytes : nil }) { return held }
    let start = index * Self.pieceLength
    let bytes = try base.read(at: start, count: min(Self.pieceLength, size - start))
    guard Digest(of: bytes) == pieces[index] else { throw failure(try digestNow()) }
    last.withLock { $0 = (index, bytes) }
    return bytes
  }

  /// What the bytes have become.
  private func digestNow() throws -> Digest {
    var digester = Digester()
    try base.forEachPiece(of: Self.pieceLength) { digester.update($0) }
    return digester.finish()
  }
}
