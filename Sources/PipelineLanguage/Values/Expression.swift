/// A value as written: literals, references to parameters, and lists and maps of them. It has no type yet; the field it
/// fills gives it one.
public indirect enum Expression: Sendable {
  case literal(Literal)
  /// `$name` or `$name.field`.
  case reference(Reference)
  /// Text with `$(name)` in it.
  case interpolation([Piece], Literal)
  case list([Expression], SourceRange)
  case map([MapEntry], SourceRange)
  /// A scalar whose references could not be read, which has been reported, and the names it seems to mention.
  case unreadable(names: [String], SourceRange)

  public struct Literal: Sendable {
    public let text: String
    public let isPlain: Bool
    public let range: SourceRange
  }

  public struct Reference: Sendable {
    public let name: Located<String>
    public let fields: [Located<String>]
    public let range: SourceRange
  }

  public enum Piece: Sendable {
    case text(String)
    case reference(Reference)
  }

  public struct MapEntry: Sendable {
    public let key: Located<String>
    public let value: Expression

    public init(key: Located<String>, value: Expression) {
      self.key = key
      self.value = value
    }
  }

  public var range: SourceRange {
    switch self {
    case .literal(let literal), .interpolation(_, let literal): literal.range
    case .reference(let reference): reference.range
    case .list(_, let range), .map(_, let range), .unreadable(_, let range): range
    }
  }

  /// Every reference in the value, in the order of the text.
  public var references: [Reference] {
    switch self {
    case .literal, .unreadable: []
    case .reference(let reference): [reference]
    case .interpolation(let pieces, _): pieces.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
    case .list(let items, _): items.flatMap(\.references)
    case .map(let entries, _): entries.flatMap(\.value.references)
    }
  }

  /// The names of parameters in the value, those in unreadable references too.
  var mentions: [String] {
    switch self {
    case .unreadable(let names, _): names
    case .list(let items, _): items.flatMap(\.mentions)
    case .map(let entries, _): entries.flatMap(\.value.mentions)
    case .literal, .reference, .interpolation: references.map(\.name.value)
    }
  }
}
