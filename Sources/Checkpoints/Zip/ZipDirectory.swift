import Basics

/// Finds and parses the central directory of a zip file (APPNOTE.TXT 6.3, sections 4.3.12 to 4.3.16), with the 64-bit
/// records. libzip does not tell where a member's bytes lie, and we want to read windows of stored members in place.
struct ZipDirectory {
  /// No honest checkpoint has a larger directory; 64 MiB are some 700,000 members.
  static let sizeLimit = 1 << 26

  let offset: Int
  let size: Int
  let count: Int

  init(file: any RandomAccessBytes) throws {
    let tailSize = min(file.size, 22 + 0xFFFF)
    let tailOffset = file.size - tailSize
    let tail = try file.read(at: tailOffset, count: tailSize)
    guard let position = Self.endRecord(in: tail) else {
      throw PlumbError("no end of central directory: the zip file is cut off or damaged", at: "byte \(file.size)")
    }
    var end = ByteReader(tail, at: position + 4, what: "end of central directory")
    let disks = (try end.integer(UInt16.self), try end.integer(UInt16.self))
    let counts = (try end.length(UInt16.self), try end.length(UInt16.self))
    var directory = (count: counts.1, size: try end.length(UInt32.self), offset: try end.length(UInt32.self))
    var directoryEnd = tailOffset + position
    guard disks == (0, 0) || disks == (.max, .max), counts.0 == counts.1 else {
      throw PlumbError("the zip file is split over several parts", at: "byte \(directoryEnd)")
    }
    // torch writes the 64-bit records always, other writers when they are needed.
    let isWide = directory.count == 0xFFFF || directory.size == 0xFFFF_FFFF || directory.offset == 0xFFFF_FFFF
    if let wide = try Self.wideRecord(file: file, before: directoryEnd) {
      guard directory.count == 0xFFFF || directory.count == wide.count, directory.size == 0xFFFF_FFFF || directory.size == wide.size,
        directory.offset == 0xFFFF_FFFF || directory.offset == wide.offset
      else { throw PlumbError("the two end records of the zip file disagree", at: "byte \(wide.end)") }
      directory = (wide.count, wide.size, wide.offset)
      directoryEnd = wide.end
    } else if isWide {
      throw PlumbError("no 64-bit end record in the zip file, yet its fields ask for one", at: "byte \(directoryEnd)")
    }
    guard file.contains(offset: directory.offset, count: directory.size), directory.offset + directory.size == directoryEnd else {
      throw PlumbError(
        "the zip directory does not lie where its end record says", at: "byte \(directory.offset)",
        expected: "\(directory.size) bytes that end at byte \(directoryEnd)", found: "a file of \(file.size) bytes")
    }
    guard directory.size <= Self.sizeLimit else {
      throw PlumbError("the zip directory is too large", expected: "at most \(Self.sizeLimit) bytes", found: "\(directory.size)")
    }
    offset = directory.offset
    size = directory.size
    count = directory.count
  }

  /// The last end record whose comment reaches exactly to the end of the file.
  private static func endRecord(in tail: [UInt8]) -> Int? {
    var position = tail.count - 22
    while position >= 0 {
      if tail[position] == 0x50, tail[position + 1] == 0x4B, tail[position + 2] == 0x05, tail[position + 3] == 0x06,
        position + 22 + Int(tail[position + 20]) + Int(tail[position + 21]) << 8 == tail.count
      {
        return position
      }
      position -= 1
    }
    return nil
  }

  /// The 64-bit end record, through the locator that stands just before the plain one; nil when there is no locator.
  /// `end` is where the directory must end: the record's own start.
  private static func wideRecord(
    file: any RandomAccessBytes, before end: Int
  ) throws -> (count: Int, size: Int, offset: Int, end: Int)? {
    guard end >= 20 else { return nil }
    var locator = ByteReader(try file.read(at: end - 20, count: 20), what: "zip64 locator")
    guard try locator.integer(UInt32.self) == 0x0706_4B50 else { return nil }
    try locator.skip(4)
    let position = try locator.length(UInt64.self)
    guard file.contains(offset: position, count: 56), position + 56 <= end - 20 else {
      throw PlumbError("the 64-bit end record lies outside the zip file", at: "byte \(position)")
    }
    var record = ByteReader(try file.read(at: position, count: 56), what: "zip64 end record")
    guard try record.integer(UInt32.self) == 0x0606_4B50 else {
      throw PlumbError("no 64-bit end record where its locator says", at: "byte \(position)")
    }
    try record.skip(28)
    return (try record.length(UInt64.self), try record.length(UInt64.self), try record.length(UInt64.self), position)
  }
}
