/// Sizes of memory as people write them.
enum ByteCount {
  private static let units: [(suffix: String, bytes: Double)] = [
    ("TiB", 0x1p40), ("GiB", 0x1p30), ("MiB", 0x1p20), ("KiB", 0x1p10), ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1),
  ]

  /// `2GiB`, `1.5 GB` or a number of bytes; nil when it is neither, or nothing is left.
  static func parse(_ text: String) -> Int? {
    let unit = units.first { text.hasSuffix($0.suffix) }
    let digits = text.dropLast(unit?.suffix.count ?? 0)
    let trimmed = String(digits.reversed().drop { $0 == " " }.reversed())
    guard let number = CoreSchema.number(trimmed) else { return nil }
    let bytes = number * (unit?.bytes ?? 1)
    guard bytes >= 1, bytes < 0x1p62 else { return nil }
    return Int(bytes)
  }
}
