package import Basics

/// A zip file of which every entry has been located and checked; members are read on demand.
///
/// Stored members (what torch and numpy write) are read in place; deflated ones by libzip.
package struct ZipArchive: Sendable {
  let file: any RandomAccessBytes
  /// In the order of the central directory, directories left out.
  let entries: [ZipEntry]
  private let positions: [String: Int]

  /// Throws when directory and local headers disagree, entries overlap or anything lies outside the file.
  package init(file: any RandomAccessBytes) throws {
    let directory = try ZipDirectory(file: file)
    var located = try directory.entries(of: file)
    for position in located.indices {
      located[position].dataOffset = try Self.dataOffset(of: located[position], in: file, limit: directory.offset)
    }
    try Self.checkOverlaps(located)
    let members = located.filter { !$0.name.hasSuffix("/") }
    self.file = file
    entries = members
    positions = Dictionary(members.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package subscript(name: String) -> ZipEntry? {
    positions[name].map { entries[$0] }
  }

  /// The member's bytes `range`, checked against its size before memory is taken.
  func read(_ entry: ZipEntry, _ range: Range<Int>) throws -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= entry.size else {
      throw PlumbError("a zip entry is too short", at: entry.name, expected: "\(range.upperBound) bytes", found: "\(entry.size)")
    }
    switch entry.method {
    case .stored: return try file.read(at: entry.dataOffset + range.lowerBound, count: range.count)
    case .deflated: return try DeflatedMember.read(entry, range, of: file)
    }
  }

  /// The whole member, refused when it is larger than `limit`. Its checksum is
  /// not compared: torch can be told to write a meaningless one.
  func readWhole(_ entry: ZipEntry, limit: Int) throws -> [UInt8] {
    guard entry.size <= limit else {
      throw PlumbError("a zip entry is too large", at: entry.name, expected: "at most \(limit) bytes", found: "\(entry.size)")
    }
    return try read(entry, 0..<entry.size)
  }

  /// Steps over the local header. Its name must be the directory's; its sizes may be absent (data descriptors).
  private static func dataOffset(of entry: ZipEntry, in file: any RandomAccessBytes, limit: Int) throws -> Int {
    guard file.contains(offset: entry.headerOffset, count: 30), entry.headerOffset <= limit else {
      throw PlumbError("a zip entry lies outside the file", at: entry.name, found: "header at byte \(entry.headerOffset) of \(file.size)")
    }
    var header = ByteReader(try file.read(at: entry.headerOffset, count: 30), what: "local zip header")
    guard try header.integer(UInt32.self) == 0x0403_4B50 else {
      throw PlumbError("no local zip header where the directory says", at: entry.name, found: "other bytes at \(entry.headerOffset)")
    }
    try header.skip(22)
    let nameLength = try header.length(UInt16.self)
    let extraLength = try header.length(UInt16.self)
    let name = try file.read(at: entry.headerOffset + 30, count: nameLength)
    guard name == Array(entry.name.utf8) else {
      throw PlumbError("directory and local header of a zip entry name different files", at: entry.name)
    }
    let start = entry.headerOffset + 30 + nameLength + extraLength
    guard start <= limit, entry.compressedSize <= limit - start else {
      throw PlumbError(
        "a zip entry runs past the end of the file", at: entry.name, expected: "\(entry.compressedSize) bytes from byte \(start) on",
        found: "\(max(0, limit - start))")
    }
    return start
  }

  /// Two entries never claim the same bytes.
  private static func checkOverlaps(_ entries: [ZipEntry]) throws {
    let sorted = entries.sorted { $0.headerOffset < $1.headerOffset }
    for (entry, next) in zip(sorted, sorted.dropFirst()) where entry.dataOffset + entry.compressedSize > next.headerOffset {
      throw PlumbError("two zip entries overlap", at: entry.name, found: "\(next.name) starts inside it")
    }
  }
}
