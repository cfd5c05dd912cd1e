/// A text that positions point into: a pipeline file, or a flag of the command line.
public final class SourceText: Sendable {
  /// Where the text came from.
  public enum Kind: String, Sendable, Hashable {
    case file
    case commandLine
  }

  /// The name printed in messages, as the user wrote it.
  public let name: String
  /// The absolute folder that relative paths standing in this text are relative to.
  public let directory: String
  public let kind: Kind
  /// The absolute path of a file of this machine; nil for other texts.
  public let path: String?
  /// The text in UTF-8, without a byte order mark.
  public let bytes: [UInt8]
  /// Byte offset of the first byte of each line.
  private let lineStarts: [Int]
  /// Byte offset of each character (Unicode scalar), or nil when the text is ASCII and both agree.
  private let characterOffsets: [Int]?

  public init(name: String, directory: String, kind: Kind = .file, path: String? = nil, bytes: [UInt8]) {
    self.name = name
    self.path = path
    self.directory = directory
    self.kind = kind
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    self.bytes = text
    lineStarts = Self.lineStarts(of: text)
    let isASCII = text.allSatisfy { $0 < 0x80 }
    characterOffsets = isASCII ? nil : text.indices.filter { text[$0] & 0xC0 != 0x80 }
  }

  public convenience init(name: String, directory: String, kind: Kind = .file, text: String) {
    self.init(name: name, directory: directory, kind: kind, bytes: Array(text.utf8))
  }

  public var lineCount: Int { lineStarts.count }

  /// The text of a line, counted from 1, without its line break; empty when there is no such line.
  public func line(_ number: Int) -> String {
    guard lineStarts.indices.contains(number - 1) else { return "" }
    let start = lineStarts[number - 1]
    let end = number < lineStarts.count ? lineStarts[number] : bytes.count
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    return String(text.unicodeScalars.filter { !"\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0) })
  }

  /// The byte offset at which a line, counted from 1, begins.
  func lineStart(_ number: Int) -> Int { lineStarts.indices.contains(number - 1) ? lineStarts[number - 1] : bytes.count }

  /// The position of a character, counted from 0 over the whole text; past the end it is the end.
  public func position(character: Int) -> SourcePosition {
    guard let characterOffsets else { return position(byte: character) }
    return position(byte: character < characterOffsets.count ? characterOffsets[max(0, character)] : bytes.count)
  }

  /// The position of a byte, counted from 0 over the whole text; past the end it is the end.
  public func position(byte: Int) -> SourcePosition {
    let offset = min(max(0, byte), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let start = lineStarts[low]
    let characters = characterOffsets.map { Self.lowerBound($0, offset) - Self.lowerBound($0, start) } ?? offset - start
    return SourcePosition(line: low + 1, column: characters + 1, byteColumn: offset - start + 1, byteOffset: offset)
  }

  /// The range over the whole text.
  public var wholeRange: SourceRange {
    SourceRange(source: self, start: position(byte: 0), end: position(byte: bytes.count))
  }

  private static func lowerBound(_ sorted: [Int], _ value: Int) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Lines end where libyaml ends them: CR LF, LF, CR, NEL, LS and PS.
  private static func lineStarts(of bytes: [UInt8]) -> [Int] {
    var starts = [0]
    var index = 0
    while index < bytes.count {
      let rest = bytes[index...].prefix(3)
      let length: Int
      if rest.starts(with: [0x0D, 0x0A]) || rest.starts(with: [0xC2, 0x85]) {
        length = 2
      } else if bytes[index] == 0x0A || bytes[index] == 0x0D {
        length = 1
      } else if rest.elementsEqual([0xE2, 0x80, 0xA8]) || rest.elementsEqual([0xE2, 0x80, 0xA9]) {
        length = 3
      } else {
        index += 1
        continue
      }
      index += length
      starts.append(index)
    }
    return starts
  }
}
