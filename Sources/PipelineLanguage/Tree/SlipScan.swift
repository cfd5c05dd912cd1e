/// What fingers do to brackets, quotes and colons.
enum Slip {
  /// A bracket that nothing closes.
  case bracket(opener: Int)
  /// A bracket that does not fit the one it closes, or closes nothing.
  case closer(at: Int, opener: Int?)
  /// A quote that nothing closes, or that closes where it was meant to open.
  case quote(opener: Int)
  /// `key:value`: a colon that does not end a key.
  case space(Range<Int>)

  /// The byte where it stands.
  var offset: Int {
    switch self {
    case .bracket(let offset), .closer(let offset, _), .quote(let offset): offset
    case .space(let range): range.lowerBound
    }
  }
}

/// Reads a text that is not YAML the way people do, line by line: what a line leaves open ends where a line begins no
/// deeper. It looks for the likely slip; whether there is one has been decided.
struct SlipScan {
  private let bytes: [UInt8]
  private var index = 0
  private var slips: [Slip] = []
  /// The open brackets, and how far the line of the first of them is indented.
  private var open: [Int] = []
  private var openIndentation = 0
  private var indentation = 0
  /// Whether a value or key may begin here.
  private var startsToken = true
  /// Whether what begins here would be a key.
  private var startsKey = true

  static func slips(in bytes: [UInt8]) -> [Slip] {
    var scan = SlipScan(bytes: bytes)
    while scan.index < bytes.count { scan.line() }
    if let last = scan.open.last { scan.slips.append(.bracket(opener: last)) }
    return scan.slips
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func byte(_ offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }
  private func end(ofLineAt offset: Int) -> Int { bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count }

  private mutating func line() {
    let start = index
    let first = bytes[start...].firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } ?? bytes.count
    let end = end(ofLineAt: start)
    guard first < end, bytes[first] != UInt8(ascii: "#"), bytes[first] != UInt8(ascii: "\r") else {
      index = end + 1
      return
    }
    indentation = first - start
    index = first
    if let last = open.last, indentation <= openIndentation, !"]},".utf8.contains(bytes[first]) {
      slips.append(.bracket(opener: last))
      open = []
    }
    if open.isEmpty { (startsToken, startsKey) = (true, true) }
    while index < end { token(lineEnd: end) }
    index = max(index, end + 1)
    if open.isEmpty { skipBlockScalar(after: first..<end) }
  }

  private mutating func token(lineEnd: Int) {
    let byte = bytes[index]
    let next = self.byte(index + 1) ?? UInt8(ascii: "\n")
    let isBeforeSpace = " \t\r\n".utf8.contains(next)
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
    case UInt8(ascii: "#") where " \t".utf8.contains(bytes[index - 1]): index = lineEnd
    case UInt8(ascii: "-") where startsToken && isBeforeSpace, UInt8(ascii: "?") where startsToken && isBeforeSpace: index += 1
    case UInt8(ascii: "\"") where startsToken, UInt8(ascii: "'") where startsToken: quoted(lineEnd: lineEnd)
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      index += 1
      guard startsToken || !open.isEmpty else { return }
      if open.isEmpty { openIndentation = indentation }
      open.append(index - 1)
      (startsToken, startsKey) = (true, true)
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      close(byte)
      (startsToken, startsKey) = (false, false)
      index += 1
    case UInt8(ascii: ",") where !open.isEmpty:
      (startsToken, startsKey) = (true, true)
      index += 1
    case UInt8(ascii: ":") where isBeforeSpace:
      (startsToken, startsKey) = (true, false)
      index += 1
    default:
      if startsToken, startsKey, missingSpace(lineEnd: lineEnd) { return }
      (startsToken, startsKey) = (false, false)
      index += 1
    }
  }

  private mutating func close(_ closer: UInt8) {
    guard let last = open.last else {
      // In a block, a bracket may end a plain text; after a flow it cannot.
      if let before = bytes[..<index].last(where: { $0 != UInt8(ascii: " ") }), "]}".utf8.contains(before) {
        slips.append(.closer(at: index, opener: nil))
      }
      return
    }
    if Self.fits(bytes[last], closer) {
      open.removeLast()
    } else if let below = open.lastIndex(where: { Self.fits(bytes[$0], closer) }), open.count - below == 2, balancesWithout(open.count - 1)
    {
      slips.append(.bracket(opener: last))
      open.removeSubrange(below...)
    } else {
      slips.append(.closer(at: index, opener: last))
      open.removeLast()
    }
  }

  /// Whether the rest of the line closes what is open, when the bracket at this position of `open` is taken away.
  private func balancesWithout(_ position: Int) -> Bool {
    var open = open.map { bytes[$0] }
    open.remove(at: position)
    for byte in bytes[index..<end(ofLineAt: index)] {
      if "[{".utf8.contains(byte) { open.append(byte) }
      if "]}".utf8.contains(byte) {
        guard let last = open.popLast(), Self.fits(last, byte) else { return false }
      }
    }
    return true
  }

  private static func fits(_ opener: UInt8, _ closer: UInt8) -> Bool { closer == opener + 2 }

  private mutating func quoted(lineEnd: Int) {
    let opener = index
    let quote = bytes[opener]
    index += 1
    while index < bytes.count, bytes[index] != quote {
      index += quote == UInt8(ascii: "\"") && bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    (startsToken, startsKey) = (false, false)
    let isDoubled = quote == UInt8(ascii: "'") && byte(index + 1) == quote
    if isDoubled {
      // '' is a quote inside of the text.
      index += 1
      return quoted(from: opener, lineEnd: lineEnd)
    }
    judge(opener, lineEnd: lineEnd)
  }

  /// Goes on in a text in single quotes behind a doubled one.
  private mutating func quoted(from opener: Int, lineEnd: Int) {
    let quote = UInt8(ascii: "'")
    index += 1
    while index < bytes.count {
      if bytes[index] == quote {
        guard byte(index + 1) == quote else { break }
        index += 1
      }
      index += 1
    }
    judge(opener, lineEnd: lineEnd)
  }

  /// Decides, at the closing quote or the end of the text, whether it is the one that was meant.
  private mutating func judge(_ opener: Int, lineEnd: Int) {
    guard index < bytes.count else {
      slips.append(.quote(opener: opener))
      open = []
      index = lineEnd
      return
    }
    if index > lineEnd {
      let next = bytes[(lineEnd + 1)...].firstIndex { !" \t\r\n".utf8.contains($0) } ?? bytes.count
      let lineStart = bytes[..<next].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      if next - lineStart <= (open.isEmpty ? indentation : openIndentation) {
        slips.append(.quote(opener: opener))
        open = []
        index = lineEnd
        return
      }
    }
    index += 1
    if let after = byte(index), !" \t\r\n,:]}#".utf8.contains(after) {
      slips.append(.quote(opener: opener))
      open = []
      index = end(ofLineAt: index)
    }
  }

  /// `key:value` where a key begins. Whether the value behind it is read next, as if the space were there.
  private mutating func missingSpace(lineEnd: Int) -> Bool {
    var colon = index
    // Keys of `exclude` have dots: scaling.k.
    let dot = UInt8(ascii: ".")
    while colon < lineEnd, Identifier.allows(Unicode.Scalar(bytes[colon]), first: colon == index) || (bytes[colon] == dot && colon > index)
    {
      colon += 1
    }
    guard colon > index, byte(colon) == UInt8(ascii: ":"), colon + 1 < lineEnd, !" \t\r:/\\".utf8.contains(bytes[colon + 1]) else {
      return false
    }
    let enders = open.isEmpty ? "\r" : ",[]{}\r"
    var end = bytes[(colon + 1)..<lineEnd].firstIndex { enders.utf8.contains($0) } ?? lineEnd
    if let comment = bytes[(colon + 1)..<end].indices.first(where: { bytes[$0] == UInt8(ascii: "#") && bytes[$0 - 1] == UInt8(ascii: " ") })
    {
      end = comment
    }
    while end > colon + 1, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    slips.append(.space(index..<max(end, colon + 1)))
    guard "[{\"'".utf8.contains(bytes[colon + 1]) else { return false }
    index = colon + 1
    (startsToken, startsKey) = (true, false)
    return true
  }

  /// The lines of a `|` or `>` text are no YAML.
  private mutating func skipBlockScalar(after line: Range<Int>) {
    let words = bytes[line].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
    guard let last = words.last, let sign = last.first, sign == UInt8(ascii: "|") || sign == UInt8(ascii: ">"), words.count > 1 else {
      return
    }
    while index < bytes.count {
      let end = end(ofLineAt: index)
      let first = bytes[index..<end].firstIndex { $0 != UInt8(ascii: " ") } ?? end
      guard first == end || first - index > indentation else { return }
      index = end + 1
    }
  }
}
