/// The name of a run, "20261123-014155042-7f3a": also that of its folder, so nothing that could lead elsewhere is one.
public struct RunID: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let text: String

  /// nil unless the text is of letters, digits, '-', '_' and '.' (ASCII, at most 100), and begins with a letter or a digit.
  public init?(_ text: String) {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
      default: false
      }
    }
    guard isPlain, (1...100).contains(text.utf8.count), let first = text.first, first.isLetter || first.isNumber else { return nil }
    self.text = text
  }

  /// Reads an id from what somebody else wrote. Throws a `PlumbError` of kind `input` when it is none.
  public init(checking text: String) throws {
    guard let id = RunID(text) else {
      throw PlumbError(
        "this is not the id of a run", kind: .input, expected: "letters, digits, '-', '_' and '.', and no path",
        found: text.printable(limit: 120))
    }
    self = id
  }

  public var description: String { text }

  /// By time, as ids begin with it.
  public static func < (left: RunID, right: RunID) -> Bool { left.text < right.text }
}
