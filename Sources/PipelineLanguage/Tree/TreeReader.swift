/// Builds the YAML tree of a text from libyaml's events.
///
/// A text that is not YAML stands alone: one message and no tree. What is YAML but not allowed here (a key twice, merge
/// keys, foreign tags) is noted, and the tree goes on, so that it is reported along with everything else.
public struct TreeReader {
  public struct Limits: Sendable {
    public var bytes = 8 << 20
    public var depth = 64
    public var nodes = 400_000
    /// Nodes that aliases may add, all together.
    public var expansion = 100_000
    public init() {}
  }

  /// The reason there is no tree.
  struct Refusal: Error {
    let diagnostic: Diagnostic
  }

  let source: SourceText
  let limits: Limits
  var diagnostics: [Diagnostic] = []
  private var anchors: [String: YAMLNode] = [:]
  private var openAnchors: [String] = []
  private var nodes = 0
  private var expanded = 0

  /// The bytes that are read, and the characters before them.
  private let slice: Range<Int>
  private let offset: Int

  private init(_ source: SourceText, slice: Range<Int>, limits: Limits) {
    self.source = source
    self.limits = limits
    self.slice = slice
    offset = source.bytes[..<slice.lowerBound].count { $0 & 0xC0 != 0x80 }
  }

  /// The root of the only document of a text, and everything wrong with its YAML.
  public static func read(_ source: SourceText, limits: Limits = Limits()) -> (root: YAMLNode?, diagnostics: [Diagnostic]) {
    read(source, slice: source.bytes.indices, limits: limits)
  }

  /// The same for a part of a text: the value of a flag.
  static func read(_ source: SourceText, slice: Range<Int>, limits: Limits = Limits()) -> (root: YAMLNode?, diagnostics: [Diagnostic]) {
    var reader = TreeReader(source, slice: slice, limits: limits)
    do {
      let root = try reader.document()
      return (root, reader.diagnostics)
    } catch let refusal as Refusal {
      return (nil, [refusal.diagnostic])
    } catch let problem as EventStream.Problem {
      return (nil, [SyntaxHints.diagnostic(for: problem, in: source, slice: slice, offset: reader.offset)])
    } catch {
      return (nil, [Diagnostic(.syntax, "\(error)", at: source.wholeRange)])
    }
  }

  private mutating func document() throws -> YAMLNode {
    guard source.bytes.count <= limits.bytes else {
      throw refusal(.limit, "the file has \(source.bytes.count) bytes; at most \(limits.bytes) are read", at: start)
    }
    let events = try EventStream(Array(source.bytes[slice]))
    var root: YAMLNode?
    while true {
      let event = try events.next()
      switch event.content {
      case .streamEnd:
        guard let root, !root.isNull else {
          throw refusal(.emptyFile, "nothing is in the file", at: start, help: "a file begins with the line plumb: 1")
        }
        return root
      case .documentStart:
        guard root == nil else {
          throw refusal(
            .severalDocuments, "a second YAML document begins here; a pipeline is one document", at: range(event),
            help: "put each pipeline into a file of its own")
        }
      case .nothing: continue
      default: root = try node(event, from: events, depth: 1)
      }
    }
  }

  private mutating func node(_ event: EventStream.Event, from events: EventStream, depth: Int) throws -> YAMLNode {
    nodes += 1
    guard nodes <= limits.nodes else { throw refusal(.limit, "more than \(limits.nodes) values", at: range(event)) }
    guard depth <= limits.depth else { throw refusal(.limit, "nested deeper than \(limits.depth) levels", at: range(event)) }
    if case .alias(let name) = event.content { return try alias(name, at: range(event)) }
    if let anchor = event.anchor { openAnchors.append(anchor) }
    let tag = CoreTag(event.tag)
    if tag == nil, let text = event.tag {
      diagnostics.append(
        Diagnostic(
          .unknownTag, "the tag '\(text)' is unknown", at: range(event),
          help: "scalars take the type of the field they fill: no tag is needed"))
    }
    let node: YAMLNode
    switch event.content {
    case .scalar(let text, let style):
      let isPlain = (style == .plain && tag != .text) || (style != .plain && tag == .resolved)
      node = YAMLNode(.scalar(YAMLScalar(text: text, style: style, isPlain: isPlain)), range: range(event))
    case .sequenceStart: node = try sequence(event, from: events, depth: depth)
    case .mappingStart: node = try mapping(event, from: events, depth: depth)
    default: throw refusal(.syntax, "a value was expected", at: range(event))
    }
    if let anchor = event.anchor {
      openAnchors.removeLast()
      anchors[anchor] = node
    }
    return node
  }

  private mutating func sequence(_ first: EventStream.Event, from events: EventStream, depth: Int) throws -> YAMLNode {
    var items: [YAMLNode] = []
    while true {
      let event = try events.next()
      if case .sequenceEnd = event.content {
        return YAMLNode(.sequence(items), range: collection(first, event, last: items.last?.range))
      }
      items.append(try node(event, from: events, depth: depth + 1))
    }
  }

  private mutating func mapping(_ first: EventStream.Event, from events: EventStream, depth: Int) throws -> YAMLNode {
    var entries: [YAMLEntry] = []
    var seen: [String: SourceRange] = [:]
    let begin = range(first)
    while true {
      let event = try events.next()
      if case .mappingEnd = event.content {
        return YAMLNode(.mapping(entries), range: collection(first, event, last: entries.last?.value.range))
      }
      let key = try node(event, from: events, depth: depth + 1)
      var value = try node(try events.next(), from: events, depth: depth + 1)
      guard let name = key.scalar else {
        if let inner = key.mapping, inner.count == 1, value.isNull, begin.text == "{" {
          throw refusal(
            .badReference, "'{{' begins no reference", at: begin.joined(to: key.range),
            help: inner.first.map { "write $\($0.key.value.split(separator: ".").last ?? ""), or $(NAME) inside of text" })
        }
        diagnostics.append(Diagnostic(.badKey, "a key must be plain text; found \(key.kindName)", at: key.range))
        continue
      }
      if value.isNull, value.range.isEmpty { value = value.placed(at: key.range) }
      if name.text == "<<", name.style == .plain {
        diagnostics.append(
          Diagnostic(
            .mergeKey, "merge keys (<<) are not part of the language", at: key.range,
            help: "write the keys out, or make the shared values parameters"))
      } else if let earlier = seen[name.text] {
        diagnostics.append(
          Diagnostic(
            .duplicateKey, "the key '\(name.text.shortened)' stands twice", at: key.range, related: [.init("first given here", at: earlier)]
          ))
        // Of a key without a value and one with it, the other was meant.
        if let index = entries.firstIndex(where: { $0.key.value == name.text && $0.value.isNull && $0.value.range == earlier }) {
          entries[index] = YAMLEntry(key: entries[index].key, value: value)
        }
      } else {
        seen[name.text] = key.range
        entries.append(YAMLEntry(key: Located(name.text, key.range), value: value))
      }
    }
  }

  private mutating func alias(_ name: String, at range: SourceRange) throws -> YAMLNode {
    if openAnchors.contains(name) { throw refusal(.badAlias, "the alias '*\(name)' stands inside of what it names", at: range) }
    guard let target = anchors[name] else {
      throw Refusal(
        diagnostic: Diagnostic(
          .badAlias, "no anchor '&\(name)' stands before this alias", at: range,
          suggestion: NearestName.of(name, among: anchors.keys.sorted()),
          help: "write the value itself, or name it where it first stands: &\(name) VALUE"))
    }
    expanded += target.size
    guard expanded <= limits.expansion else {
      throw refusal(.limit, "aliases expand to more than \(limits.expansion) values", at: range)
    }
    return target
  }

  private var start: SourceRange { SourceRange(source: source, start: source.position(byte: 0), end: source.position(byte: 0)) }

  private func range(_ event: EventStream.Event) -> SourceRange {
    SourceRange(source: source, start: position(event.start), end: position(event.end))
  }

  private func position(_ mark: EventStream.Mark) -> SourcePosition { source.position(character: offset + mark.index) }

  /// Block collections end, for libyaml, where the next token begins; here they end with their last value.
  private func collection(_ first: EventStream.Event, _ end: EventStream.Event, last: SourceRange?) -> SourceRange {
    let isFlow =
      switch first.content {
      case .sequenceStart(let isFlow), .mappingStart(let isFlow): isFlow
      default: false
      }
    let begin = range(first)
    if isFlow { return begin.joined(to: range(end)) }
    guard let last, last.source === source, last.end > begin.start else { return begin }
    return SourceRange(source: source, start: begin.start, end: last.end)
  }

  private func refusal(_ code: DiagnosticCode, _ message: String, at range: SourceRange, help: String? = nil) -> Refusal {
    Refusal(diagnostic: Diagnostic(code, message, at: range, help: help))
  }
}

/// A tag of the core schema, as far as it says more than the value itself.
private enum CoreTag: Equatable {
  /// No tag, or one that says what the value looks like anyway.
  case resolved
  case none
  case text

  /// nil for a tag of another schema.
  init?(_ tag: String?) {
    switch tag {
    case nil: self = .none
    case "!", "tag:yaml.org,2002:str": self = .text
    case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null": self = .resolved
    case "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map": self = .none
    default: return nil
    }
  }
}
