/// A place in a text. Lines and columns count from 1.
public struct SourcePosition: Sendable, Hashable, Comparable {
  public let line: Int
  /// Column in characters (Unicode scalars), as libyaml counts and as messages print.
  public let column: Int
  /// Column in bytes of UTF-8.
  public let byteColumn: Int
  /// Bytes before this place, counted from 0.
  public let byteOffset: Int

  public init(line: Int, column: Int, byteColumn: Int, byteOffset: Int) {
    self.line = line
    self.column = column
    self.byteColumn = byteColumn
    self.byteOffset = byteOffset
  }

  public static func < (left: Self, right: Self) -> Bool { left.byteOffset < right.byteOffset }
}

/// A stretch of a text: what a caret is drawn under.
public struct SourceRange: Sendable {
  public let source: SourceText
  public let start: SourcePosition
  /// The place after the last character.
  public let end: SourcePosition

  public init(source: SourceText, start: SourcePosition, end: SourcePosition) {
    self.source = source
    self.start = start
    self.end = end
  }

  public var isEmpty: Bool { start.byteOffset >= end.byteOffset }

  /// The text in the range.
  public var text: String {
    let end = min(end.byteOffset, source.bytes.count)
    return String(decoding: source.bytes[min(start.byteOffset, end)..<end], as: UTF8.self)
  }

  public func contains(_ other: SourceRange) -> Bool {
    source === other.source && start <= other.start && other.end <= end
  }

  /// From the start of this range to the end of another one of the same text.
  public func joined(to other: SourceRange) -> SourceRange { SourceRange(source: source, start: start, end: max(end, other.end)) }

  /// `file:line:column`.
  public var place: String { "\(source.name):\(start.line):\(start.column)" }
}

extension SourceRange: Hashable {
  public static func == (left: Self, right: Self) -> Bool {
    left.source === right.source && left.start == right.start && left.end == right.end
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(source))
    hasher.combine(start.byteOffset)
    hasher.combine(end.byteOffset)
  }
}

/// A value with the place where it stands.
public struct Located<Value: Sendable>: Sendable {
  public let value: Value
  public let range: SourceRange

  public init(_ value: Value, _ range: SourceRange) {
    self.value = value
    self.range = range
  }
}
