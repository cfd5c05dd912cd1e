extension YAMLNode {
  /// The range of some characters (Unicode scalars) of a scalar's text. Exact for scalars written on one line without
  /// escapes; the whole scalar otherwise.
  func range(ofCharacters characters: Range<Int>) -> SourceRange {
    guard let scalar, range.start.line == range.end.line else { return range }
    let quote: Int
    switch scalar.style {
    case .plain: quote = 0
    case .singleQuoted, .doubleQuoted: quote = 1
    case .literal, .folded: return range
    }
    // Anchors and tags stand before the text, so count from the end; an escape makes the written text longer.
    let written = Array(range.text.unicodeScalars)
    let text = Array(scalar.text.unicodeScalars)
    let offset = written.count - quote - text.count
    guard offset >= 0, characters.upperBound <= text.count, written[offset..<(offset + text.count)].elementsEqual(text) else {
      return range
    }
    let bytes = range.start.byteOffset + written[..<(offset + characters.lowerBound)].reduce(0) { $0 + UTF8.width($1) }
    let length = text[characters].reduce(0) { $0 + UTF8.width($1) }
    return SourceRange(source: range.source, start: range.source.position(byte: bytes), end: range.source.position(byte: bytes + length))
  }
}
