import Basics
import CLibZip

/// Inflates members through libzip.
enum DeflatedMember {
  /// A deflate stream cannot grow more than this many times (zlib's technical notes: 1032 to 1).
  static let ratioLimit = 1032

  /// Bytes `range` of a deflated member: what lies before is inflated and dropped, what lies after is not inflated.
  static func read(_ entry: ZipEntry, _ range: Range<Int>, of file: any RandomAccessBytes) throws -> [UInt8] {
    guard entry.size / ratioLimit <= entry.compressedSize else {
      throw PlumbError(
        "a deflated zip entry claims more than deflate can hold", at: entry.name,
        expected: "at most \(entry.compressedSize) * \(ratioLimit) bytes", found: "\(entry.size)")
    }
    let source = ZipByteSource(file)
    let archive = try source.open()
    defer { zip_discard(archive) }
    do {
      return try read(entry, range, of: archive)
    } catch {
      // What libzip could not read tells more than what it made of it.
      throw source.failure ?? error
    }
  }

  private static func read(_ entry: ZipEntry, _ range: Range<Int>, of archive: OpaquePointer) throws -> [UInt8] {
    var facts = zip_stat_t()
    guard zip_stat_index(archive, zip_uint64_t(entry.index), 0, &facts) == 0, Int(exactly: facts.size) == entry.size,
      Int(exactly: facts.comp_size) == entry.compressedSize
    else {
      throw PlumbError("libzip reads another directory than we do", at: entry.name)
    }
    guard let member = zip_fopen_index(archive, zip_uint64_t(entry.index), 0) else {
      throw PlumbError("libzip cannot open an entry: \(String(cString: zip_strerror(archive)))", at: entry.name)
    }
    defer { zip_fclose(member) }
    var skipped = 0
    while skipped < range.lowerBound {
      skipped += try inflate(member, min(1 << 16, range.lowerBound - skipped), entry: entry).count
    }
    let bytes = try inflate(member, range.count, entry: entry)
    if range.upperBound == entry.size {
      // Reading on at the end makes libzip compare the checksum; a stream that goes on is longer than its directory says.
      var extra: UInt8 = 0
      guard zip_fread(member, &extra, 1) == 0 else {
        throw PlumbError("a deflated zip entry is damaged: its length or checksum is wrong", at: entry.name)
      }
    }
    return bytes
  }

  private static func inflate(_ member: OpaquePointer, _ count: Int, entry: ZipEntry) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = zip_fread(member, buffer.baseAddress.map { $0 + filled }, zip_uint64_t(count - filled))
        guard got > 0 else {
          throw PlumbError("a deflated zip entry is damaged or cut off", at: entry.name, found: "\(filled) of \(count) bytes")
        }
        filled += Int(got)
      }
    }
  }
}
