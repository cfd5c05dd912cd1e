/// A mapping whose keys are known. A key that is nearly one of them is reported and read as that one, so that a slip does
/// not bring a train of further errors.
struct ClosedMapping {
  private var entries: [String: YAMLEntry] = [:]
  let range: SourceRange

  /// nil when the node is not a mapping, which is reported.
  init?(_ node: YAMLNode, _ what: String, keys: [String], notes: inout [Diagnostic]) {
    var unknown: [Located<String>] = []
    self.init(node, what, keys: keys, unknown: &unknown, notes: &notes)
    notes += unknown.map { key in
      Diagnostic(
        .unknownKey, "'\(key.value.shortened)' is not a key of \(what)", at: key.range, help: NearestName.listing(keys))
    }
  }

  /// - Parameter unknown: takes the keys that are like none of the known ones, which are not reported.
  init?(_ node: YAMLNode, _ what: String, keys: [String], unknown others: inout [Located<String>], notes: inout [Diagnostic]) {
    range = node.range
    guard let mapping = Shape.mapping(node, what, notes: &notes) else { return nil }
    var unknown: [YAMLEntry] = []
    for entry in mapping {
      if keys.contains(entry.key.value) { entries[entry.key.value] = entry } else { unknown.append(entry) }
    }
    for entry in unknown {
      let missing = keys.filter { entries[$0] == nil }
      let suggestion = NearestName.of(entry.key.value, among: missing) ?? NearestName.of(entry.key.value, among: keys)
      guard let suggestion else {
        others.append(entry.key)
        continue
      }
      notes.append(
        Diagnostic(
          .unknownKey, "'\(entry.key.value.shortened)' is not a key of \(what)", at: entry.key.range, suggestion: suggestion))
      if entries[suggestion] == nil { entries[suggestion] = entry }
    }
  }

  subscript(key: String) -> YAMLEntry? { entries[key] }

  /// Where each key stands.
  var positions: [String: SourceRange] { entries.mapValues(\.key.range) }
}

/// What a node must be, with a message when it is something else.
enum Shape {
  static func mapping(_ node: YAMLNode, _ what: String, notes: inout [Diagnostic]) -> [YAMLEntry]? {
    if let mapping = node.mapping { return mapping }
    var diagnostic = Diagnostic(.wrongShape, "\(what) must be a mapping (key: value); found \(node.kindName)", at: node.range)
    if let missing = node.missingSpace {
      diagnostic = missing
    } else if let text = node.scalar?.text, text.contains(":") {
      diagnostic.help = "a colon ends a key only when a space follows"
    }
    if node.sequence != nil { diagnostic.help = "write key: value, without dashes and square brackets" }
    notes.append(diagnostic)
    return nil
  }

  static func list(_ node: YAMLNode, _ what: String, notes: inout [Diagnostic]) -> [YAMLNode]? {
    if let items = node.sequence { return items }
    notes.append(
      Diagnostic(
        .wrongShape, "\(what) must be a list; found \(node.kindName)", at: node.range,
        help: help(for: node)))
    return nil
  }

  private static func help(for node: YAMLNode) -> String? {
    switch node.content {
    case .scalar(let scalar): node.isNull ? nil : MismatchHelp.dash(scalar.text) ?? "write [\(scalar.text.shortened)]"
    case .mapping: node.range.text.hasPrefix("{") ? "write [\(node.range.text.shortened)]" : "begin each item with a dash"
    case .sequence: nil
    }
  }

  static func text(_ node: YAMLNode, _ what: String, notes: inout [Diagnostic]) -> Located<String>? {
    if node.isNull {
      notes.append(Diagnostic(.noValue, "\(what) has no value", at: node.range))
      return nil
    }
    if let scalar = node.scalar { return Located(scalar.text, node.range) }
    notes.append(Diagnostic(.wrongShape, "\(what) must be text; found \(node.kindName)", at: node.range))
    return nil
  }
}
