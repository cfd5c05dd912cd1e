import Basics

/// A zip taken apart and put together again, so that a member can be changed and the directory still fits. For files of the
/// corpus only: it trusts what it reads.
package struct ZipParts {
  var members: [(name: [UInt8], bytes: [UInt8])] = []

  /// Nil unless every member is stored and lies where the directory says.
  package init?(_ bytes: [UInt8]) {
    func integer(_ offset: Int, _ width: Int) -> Int? {
      guard offset >= 0, offset + width <= bytes.count else { return nil }
      return (0..<width).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    guard let end = Self.positions(of: [0x50, 0x4B, 5, 6], in: bytes).last, let start = integer(end + 16, 4) else { return nil }
    for record in Self.positions(of: [0x50, 0x4B, 1, 2], in: bytes) where record >= start {
      guard integer(record + 10, 2) == 0, let size = integer(record + 24, 4), let nameLength = integer(record + 28, 2),
        let header = integer(record + 42, 4), let localName = integer(header + 26, 2), let localExtra = integer(header + 28, 2)
      else { return nil }
      let data = header + 30 + localName + localExtra
      guard record + 46 + nameLength <= bytes.count, data + size <= bytes.count else { return nil }
      members.append((Array(bytes[record + 46..<record + 46 + nameLength]), Array(bytes[data..<data + size])))
    }
    if members.isEmpty { return nil }
  }

  package init(_ members: [(name: String, bytes: [UInt8])]) {
    self.members = members.map { (Array($0.name.utf8), $0.bytes) }
  }

  /// Stored members without checksums, which readers of torch files do not compare.
  package var encoded: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in members {
      let facts = Self.fields((20, 2), (0, 2), (0, 2), (0, 4), (0, 4), (bytes.count, 4), (bytes.count, 4), (name.count, 2))
      directory += [0x50, 0x4B, 1, 2, 20, 0] + facts + Self.fields((0, 2), (0, 2), (0, 2), (0, 2), (0, 4), (file.count, 4)) + name
      file += [0x50, 0x4B, 3, 4] + facts + [0, 0] + name + bytes
    }
    let end = Self.fields((0, 4), (members.count, 2), (members.count, 2), (directory.count, 4), (file.count, 4), (0, 2))
    return file + directory + [0x50, 0x4B, 5, 6] + end
  }

  private static func fields(_ fields: (value: Int, width: Int)...) -> [UInt8] {
    fields.flatMap { field in (0..<field.width).map { UInt8(truncatingIfNeeded: field.value >> (8 * $0)) } }
  }

  static func positions(of signature: [UInt8], in bytes: [UInt8]) -> [Int] {
    guard let first = signature.first else { return [] }
    return bytes.indices.filter { bytes[$0] == first && bytes[$0...].starts(with: signature) }
  }

  /// Writes tricky numbers into the fields of one header, end record or directory record.
  static func damage(_ bytes: inout [UInt8], _ numbers: inout SeededNumbers) {
    // Signature, and offsets and widths of the fields behind it (APPNOTE.TXT 4.3).
    let records: [(signature: [UInt8], fields: [(Int, Int)])] = [
      ([0x50, 0x4B, 1, 2], [(8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2), (42, 4), (46, 1)]),
      ([0x50, 0x4B, 3, 4], [(6, 2), (8, 2), (18, 4), (22, 4), (26, 2), (28, 2), (30, 1)]),
      ([0x50, 0x4B, 5, 6], [(4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)]),
      ([0x50, 0x4B, 6, 6], [(4, 8), (24, 8), (32, 8), (40, 8), (48, 8)]), ([0x50, 0x4B, 6, 7], [(4, 4), (8, 8), (16, 4)]),
    ]
    guard let record = numbers.pick(records), let position = numbers.pick(positions(of: record.signature, in: bytes)) else { return }
    for _ in 0...numbers.below(2) {
      guard let field = numbers.pick(record.fields) else { return }
      ByteMutations.overwriteLength(&bytes, at: position + field.0, width: field.1, &numbers)
    }
  }
}
