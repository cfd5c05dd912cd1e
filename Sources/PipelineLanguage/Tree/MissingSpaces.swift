extension YAMLNode {
  /// `{a:1}` is, for YAML, the key `a:1` without a value. This is the tree that was meant, and a message for each place.
  func withMissingSpaces(notes: inout [Diagnostic]) -> YAMLNode {
    switch content {
    case .scalar: return self
    case .sequence(let items): return YAMLNode(.sequence(items.map { $0.withMissingSpaces(notes: &notes) }), range: range)
    case .mapping(let entries):
      let known = Set(entries.map(\.key.value))
      return YAMLNode(.mapping(entries.map { $0.withMissingSpace(known: known, notes: &notes) }), range: range)
    }
  }
}

extension YAMLEntry {
  /// The entry that was meant, unless its mapping has that key already.
  fileprivate func withMissingSpace(known: Set<String>, notes: inout [Diagnostic]) -> YAMLEntry {
    // An absent value stands where its key does; a quoted key was meant as it is.
    let isAbsent = value.range == key.range && value.scalar?.text.isEmpty ?? false
    guard isAbsent, key.range.text == key.value, let colon = key.value.firstIndex(of: ":") else {
      return YAMLEntry(key: key, value: value.withMissingSpaces(notes: &notes))
    }
    let name = String(key.value[..<colon])
    let text = String(key.value[key.value.index(after: colon)...])
    guard Identifier.isValid(name), !text.isEmpty else { return self }
    notes.append(
      Diagnostic(
        .missingSpace, "a space is missing after the colon of '\(key.value.shortened)'", at: key.range, help: "write \(name): \(text)"))
    guard !known.contains(name) else { return self }
    let scalar = YAMLScalar(text: text, style: .plain, isPlain: true)
    return YAMLEntry(key: Located(name, key.range), value: YAMLNode(.scalar(scalar), range: key.range))
  }
}
