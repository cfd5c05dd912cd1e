import Basics

extension ZipDirectory {
  /// Reads and checks every record of the directory. The data offsets are not known yet (the local headers tell them).
  func entries(of file: any RandomAccessBytes) throws -> [ZipEntry] {
    // 46 bytes is the shortest record: a count that cannot be true is refused before anything is reserved for it.
    guard count <= size / 46 else {
      throw PlumbError(
        "the zip directory is shorter than its end record claims", at: "byte \(offset)", expected: "\(count) entries",
        found: "\(size) bytes")
    }
    var reader = ByteReader(try file.read(at: offset, count: size), what: "zip directory")
    var entries: [ZipEntry] = []
    var names: Set<String> = []
    entries.reserveCapacity(count)
    for index in 0..<count {
      let entry = try Self.entry(&reader, index: index)
      guard names.insert(entry.name).inserted else {
        throw PlumbError("the zip file has two entries of one name", at: entry.name)
      }
      entries.append(entry)
    }
    guard reader.remaining == 0 else {
      throw PlumbError("bytes are left over in the zip directory", at: "byte \(offset + reader.offset)", found: "\(reader.remaining) bytes")
    }
    return entries
  }

  private static func entry(_ reader: inout ByteReader, index: Int) throws -> ZipEntry {
    guard try reader.integer(UInt32.self) == 0x0201_4B50 else {
      throw PlumbError("entry \(index) of the zip directory is damaged", at: "byte \(reader.offset)")
    }
    try reader.skip(4)
    let flags = try reader.integer(UInt16.self)
    let methodCode = try reader.integer(UInt16.self)
    try reader.skip(4)
    let crc = try reader.integer(UInt32.self)
    var compressedSize = try reader.length(UInt32.self)
    var size = try reader.length(UInt32.self)
    let nameLength = try reader.length(UInt16.self)
    let extraLength = try reader.length(UInt16.self)
    let commentLength = try reader.length(UInt16.self)
    try reader.skip(8)
    var headerOffset = try reader.length(UInt32.self)
    let name = try reader.text(nameLength)
    try check(name: name)
    let extra = Array(try reader.take(extraLength))
    try reader.skip(commentLength)

    guard flags & 0x2041 == 0 else { throw PlumbError("encrypted zip entries are not supported", at: name) }
    let method: ZipEntry.Method
    switch methodCode {
    case 0: method = .stored
    case 8: method = .deflated
    default: throw PlumbError("unsupported zip compression", at: name, expected: "method 0 or 8", found: "\(methodCode)")
    }
    if size == 0xFFFF_FFFF || compressedSize == 0xFFFF_FFFF || headerOffset == 0xFFFF_FFFF {
      try widen(&size, &compressedSize, &headerOffset, from: extra, name: name)
    }
    guard method == .deflated || size == compressedSize else {
      throw PlumbError("a stored zip entry has two sizes", at: name, expected: "\(compressedSize)", found: "\(size)")
    }
    return ZipEntry(
      name: name, index: index, method: method, crc: crc, compressedSize: compressedSize, size: size, headerOffset: headerOffset,
      dataOffset: 0)
  }

  /// Takes the fields that hold all ones from the 64-bit extra field, in the order of section 4.5.3.
  private static func widen(_ size: inout Int, _ compressedSize: inout Int, _ headerOffset: inout Int, from extra: [UInt8], name: String)
    throws
  {
    var reader = ByteReader(extra, what: "extra field of \(name)")
    while reader.remaining >= 4 {
      let tag = try reader.integer(UInt16.self)
      let length = try reader.length(UInt16.self)
      guard tag == 1 else {
        try reader.skip(length)
        continue
      }
      try reader.require(length)
      if size == 0xFFFF_FFFF { size = try reader.length(UInt64.self) }
      if compressedSize == 0xFFFF_FFFF { compressedSize = try reader.length(UInt64.self) }
      if headerOffset == 0xFFFF_FFFF { headerOffset = try reader.length(UInt64.self) }
      return
    }
  }

  /// Nothing is ever unpacked to disk; a name that would leave the archive marks a file nobody should trust.
  private static func check(name: String) throws {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("\\"), !name.utf8.contains(0), !parts.contains("..") else {
      throw PlumbError("the name of a zip entry leaves the archive", found: "\"\(name)\"")
    }
  }
}
