import Basics

/// Writes a zip of stored members, their data aligned to 64 bytes as torch does it, to a new file that appears under its
/// name when it is finished. Sizes and offsets beyond 32 bits get the 64-bit records.
package final class ZipWriter {
  private struct Record {
    let name: [UInt8]
    let crc: UInt32
    let size: Int
    let offset: Int
  }

  private let path: String
  private let file: NewFile
  private var records: [Record] = []
  private var offset = 0
  /// Numbers from here on are written in the 64-bit records; lower only in tests.
  private let wideFrom: Int

  package init(path: String, wideFrom: Int = 0xFFFF_FFFF) throws {
    self.path = path
    self.wideFrom = wideFrom
    file = try NewFile(for: path)
  }

  /// Adds a member.
  func add(_ name: String, _ bytes: [UInt8]) throws {
    let record = Record(name: Array(name.utf8), crc: CRC32.checksum(bytes), size: bytes.count, offset: offset)
    let isWide = record.size >= wideFrom
    var extra: [UInt8] = []
    if isWide {
      extra.append(littleEndian: UInt16(1))
      extra.append(littleEndian: UInt16(16))
      extra.append(littleEndian: UInt64(record.size))
      extra.append(littleEndian: UInt64(record.size))
    }
    let unpadded = offset + 30 + record.name.count + extra.count + 4
    let padding = (64 - unpadded % 64) % 64
    extra += Array("FB".utf8)
    extra.append(littleEndian: UInt16(padding))
    extra += [UInt8](repeating: 0x5A, count: padding)

    var header: [UInt8] = []
    header.append(littleEndian: UInt32(0x0403_4B50))
    header += common(record, isWide: isWide)
    header.append(littleEndian: try narrow(extra.count))
    try write(header + record.name + extra)
    try write(bytes)
    records.append(record)
  }

  /// Writes the directory, flushes and gives the file its name.
  func finish() throws {
    let start = offset
    for record in records { try write(directoryRecord(record)) }
    let size = offset - start
    if start >= wideFrom || records.count >= 0xFFFF { try write(wideEnd(start: start, size: size, end: offset)) }
    var end: [UInt8] = []
    end.append(littleEndian: UInt32(0x0605_4B50))
    end.append(littleEndian: UInt32(0))
    for _ in 0..<2 { end.append(littleEndian: UInt16(min(records.count, 0xFFFF))) }
    end.append(littleEndian: UInt32(min(size, 0xFFFF_FFFF)))
    end.append(littleEndian: start >= wideFrom ? UInt32.max : UInt32(start))
    end.append(littleEndian: UInt16(0))
    try write(end)
    try file.finish(as: path)
  }

  private func write(_ bytes: [UInt8]) throws {
    try file.write(bytes)
    offset += bytes.count
  }

  private func narrow(_ length: Int) throws -> UInt16 {
    guard let length = UInt16(exactly: length) else { throw PlumbError("a zip entry's name is too long", at: path) }
    return length
  }

  /// The fields from "version needed" to the length of the name, the same in both headers.
  private func common(_ record: Record, isWide: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt16(isWide ? 45 : 20))
    bytes.append(littleEndian: UInt16(0x0800))
    bytes.append(littleEndian: UInt16(0))
    bytes.append(littleEndian: UInt32(0))
    bytes.append(littleEndian: record.crc)
    for _ in 0..<2 { bytes.append(littleEndian: isWide ? UInt32.max : UInt32(record.size)) }
    bytes.append(littleEndian: UInt16(truncatingIfNeeded: record.name.count))
    return bytes
  }

  private func directoryRecord(_ record: Record) -> [UInt8] {
    let isWide = record.size >= wideFrom
    let isFar = record.offset >= wideFrom
    var extra: [UInt8] = []
    if isWide || isFar {
      extra.append(littleEndian: UInt16(1))
      extra.append(littleEndian: UInt16((isWide ? 16 : 0) + (isFar ? 8 : 0)))
      if isWide { for _ in 0..<2 { extra.append(littleEndian: UInt64(record.size)) } }
      if isFar { extra.append(littleEndian: UInt64(record.offset)) }
    }
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt32(0x0201_4B50))
    bytes.append(littleEndian: UInt16(45))
    bytes += common(record, isWide: isWide)
    bytes.append(littleEndian: UInt16(extra.count))
    bytes += [UInt8](repeating: 0, count: 10)
    bytes.append(littleEndian: isFar ? UInt32.max : UInt32(record.offset))
    return bytes + record.name + extra
  }

  /// The 64-bit end record and its locator.
  private func wideEnd(start: Int, size: Int, end: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt32(0x0606_4B50))
    bytes.append(littleEndian: UInt64(44))
    bytes.append(littleEndian: UInt32(45 | 45 << 16))
    bytes.append(littleEndian: UInt64(0))
    for number in [records.count, records.count, size, start] { bytes.append(littleEndian: UInt64(number)) }
    bytes.append(littleEndian: UInt32(0x0706_4B50))
    bytes.append(littleEndian: UInt32(0))
    bytes.append(littleEndian: UInt64(end))
    bytes.append(littleEndian: UInt32(1))
    return bytes
  }
}
