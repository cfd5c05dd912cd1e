/// Bytes that can be read at given places: a file, an object of a store.
package protocol RandomAccessBytes: Sendable {
  /// The path of the file, for messages.
  var path: String { get }
  /// Bytes, as of opening.
  var size: Int { get }
  /// `count` bytes from `offset` on, in a fresh array. Throws when they are not all there.
  func read(at offset: Int, count: Int) throws -> [UInt8]
}

extension RandomAccessBytes {
  /// True when `count` bytes from `offset` on lie inside.
  package func contains(offset: Int, count: Int) -> Bool {
    offset >= 0 && count >= 0 && offset <= size && count <= size - offset
  }

  /// Hands on all bytes in order, in pieces of at most `length`.
  package func forEachPiece(of length: Int, _ body: ([UInt8]) throws -> Void) throws {
    for start in stride(from: 0, to: size, by: length) { try body(read(at: start, count: min(length, size - start))) }
  }
}
