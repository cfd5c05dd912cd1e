/// The order people expect of numbered names: runs of digits compare by value, so "2.png" stands before "10.png".
package enum NaturalOrder {
  /// Whether `first` stands before `second`. Names that differ only in leading zeros are ordered by their bytes.
  package static func precedes(_ first: String, _ second: String) -> Bool {
    let (left, right) = (Array(first.utf8), Array(second.utf8))
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      guard isDigit(left[i]), isDigit(right[j]) else {
        if left[i] != right[j] { return left[i] < right[j] }
        (i, j) = (i + 1, j + 1)
        continue
      }
      let (a, b) = (number(in: left, from: &i), number(in: right, from: &j))
      if a.count != b.count { return a.count < b.count }
      if a != b { return a.lexicographicallyPrecedes(b) }
    }
    if left.count - i != right.count - j { return left.count - i < right.count - j }
    return left.lexicographicallyPrecedes(right)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// The digits from `position` on without leading zeros; moves past them.
  private static func number(in name: [UInt8], from position: inout Int) -> ArraySlice<UInt8> {
    var start = position
    while position < name.count, isDigit(name[position]) { position += 1 }
    while start < position, name[start] == UInt8(ascii: "0") { start += 1 }
    return name[start..<position]
  }
}
