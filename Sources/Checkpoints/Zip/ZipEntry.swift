/// One member of a zip archive, as its central directory and its local header agree on it.
package struct ZipEntry: Sendable, Hashable {
  package enum Method: Sendable, Hashable { case stored, deflated }

  let name: String
  /// Position in the central directory: libzip's index.
  let index: Int
  package let method: Method
  let crc: UInt32
  /// Bytes in the archive.
  package let compressedSize: Int
  /// Bytes of the member.
  let size: Int
  /// Where the member's local header starts.
  let headerOffset: Int
  /// Where the member's bytes start; a stored member is read from here.
  package var dataOffset: Int
}
