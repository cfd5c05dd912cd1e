extension TreeReader {
  /// The root of a text as it was meant where colons lack their space, and everything wrong with its YAML.
  static func readMended(_ source: SourceText) -> (root: YAMLNode?, diagnostics: [Diagnostic]) {
    var (root, notes) = read(source)
    guard let found = root else { return (nil, notes) }
    do {
      root = try found.withMissingSpaces(notes: &notes)
      return (root, notes)
    } catch {
      return (nil, [error.diagnostic])
    }
  }
}

extension YAMLNode {
  /// `{a:1}` is, for YAML, the key `a:1` without a value. This is the tree that was meant, and a message for each place.
  /// - Throws: the message alone when nothing else can be told of the tree: `with:{a: 1}` is the key `with:{a`.
  func withMissingSpaces(notes: inout [Diagnostic]) throws(MissingSpace) -> YAMLNode {
    switch content {
    case .scalar: return self
    case .sequence(let items):
      var mended: [YAMLNode] = []
      for item in items { mended.append(try item.withMissingSpaces(notes: &notes)) }
      return YAMLNode(.sequence(mended), range: range)
    case .mapping(let entries):
      let known = Set(entries.map(\.key.value))
      var mended: [YAMLEntry] = []
      for entry in entries { mended.append(try entry.withMissingSpace(known: known, notes: &notes)) }
      return YAMLNode(.mapping(mended), range: range)
    }
  }

  /// The message for a text that was to be a key and a value: `steps:20`.
  var missingSpace: Diagnostic? {
    guard let scalar, scalar.isPlain, let parts = KeyAndValue(scalar.text) else { return nil }
    let length = parts.name.utf8.count + 1 + parts.value.prefix { $0 != " " }.utf8.count
    return .missingSpace(at: range(ofCharacters: 0..<length))
  }
}

/// A colon without its space has changed the tree beyond repair.
struct MissingSpace: Error {
  let diagnostic: Diagnostic
}

/// `key:value`, or `key=value`.
private struct KeyAndValue {
  let name: Substring
  let value: Substring

  init?(_ text: String) {
    guard let end = text.firstIndex(where: { $0 == ":" || $0 == "=" }) else { return nil }
    name = text[..<end]
    value = text[text.index(after: end)...]
    guard Identifier.isPath(String(name)), let first = value.first, !" :/\\=".contains(first) else { return nil }
  }

  /// The name in `with {a`, `with={a` and `with:{a`: a key that its colon does not end, before a bracket.
  static func name(beforeBracket text: String) -> String? {
    guard let bracket = text.firstIndex(where: { "[{".contains($0) }) else { return nil }
    let name = String(text[..<bracket].prefix { !" :=".contains($0) })
    let between = text[..<bracket].dropFirst(name.count)
    return Identifier.isValid(name) && between.allSatisfy { " :=".contains($0) } ? name : nil
  }
}

extension YAMLEntry {
  /// The entry that was meant, unless its mapping has that key already.
  fileprivate func withMissingSpace(known: Set<String>, notes: inout [Diagnostic]) throws(MissingSpace) -> YAMLEntry {
    // A quoted key was meant as it is.
    let isPlain = key.range.text == key.value
    if isPlain, value.range != key.range, let name = KeyAndValue.name(beforeBracket: key.value) {
      let hasColon = key.value.dropFirst(name.count).first == ":"
      throw MissingSpace(diagnostic: hasColon ? .missingSpace(at: key.range) : .missingColon(after: name, before: "{…}", at: key.range))
    }
    guard isPlain, let parts = KeyAndValue(key.value) else {
      return YAMLEntry(key: key, value: try value.withMissingSpaces(notes: &notes))
    }
    // An absent value stands where its key does.
    guard value.range == key.range, value.scalar?.text.isEmpty ?? false else {
      if let first = parts.value.first, "[{\"'".contains(first) { throw MissingSpace(diagnostic: .missingSpace(at: key.range)) }
      return YAMLEntry(key: key, value: try value.withMissingSpaces(notes: &notes))
    }
    notes.append(.missingSpace(at: key.range))
    let name = String(parts.name)
    guard !known.contains(name) else { return self }
    let start = key.range.start.byteOffset
    let source = key.range.source
    let colon = source.position(byte: start + name.utf8.count)
    let place = SourceRange(source: source, start: source.position(byte: colon.byteOffset + 1), end: key.range.end)
    let text = parts.value
    let isQuoted = text.count >= 2 && text.first == text.last && (text.first == "\"" || text.first == "'")
    let scalar = YAMLScalar(
      text: String(isQuoted ? text.dropFirst().dropLast() : text), style: isQuoted ? .doubleQuoted : .plain, isPlain: !isQuoted)
    return YAMLEntry(
      key: Located(name, SourceRange(source: source, start: key.range.start, end: colon)), value: YAMLNode(.scalar(scalar), range: place))
  }
}
