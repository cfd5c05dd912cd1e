import Basics
import PipelineLanguage

/// A tree without places, to be compared: aliases followed, tags and anchors left out.
indirect enum SuiteTree: Equatable {
  case scalar(String, YAMLScalar.Style)
  case sequence([SuiteTree])
  case mapping([Pair])

  struct Pair: Equatable {
    let key: SuiteTree
    let value: SuiteTree
  }

  init(_ node: YAMLNode) {
    switch node.content {
    case .scalar(let scalar): self = .scalar(scalar.text, scalar.style)
    case .sequence(let items): self = .sequence(items.map { SuiteTree($0) })
    case .mapping(let entries):
      self = .mapping(entries.map { Pair(key: .scalar($0.key.value, .plain), value: SuiteTree($0.value)) })
    }
  }

  /// The same tree with every key's style forgotten: ours keeps the text of keys only.
  var withPlainKeys: SuiteTree {
    switch self {
    case .scalar: self
    case .sequence(let items): .sequence(items.map(\.withPlainKeys))
    case .mapping(let pairs):
      .mapping(
        pairs.map { pair in
          var key = pair.key
          if case .scalar(let text, _) = key { key = .scalar(text, .plain) }
          return Pair(key: key, value: pair.value.withPlainKeys)
        })
    }
  }
}

/// Reads the event notation of the suite: `+MAP`, `=VAL :text`, `-MAP`, one a line.
struct SuiteEvents {
  private var lines: ArraySlice<Substring>
  private var anchors: [String: SuiteTree] = [:]

  /// The roots of the documents; what the notation does not close is left out.
  static func roots(of text: String) -> [SuiteTree] {
    var events = SuiteEvents(lines: text.split(separator: "\n")[...])
    var roots: [SuiteTree] = []
    while !events.lines.isEmpty {
      if let root = events.node() { roots.append(root) }
    }
    return roots
  }

  /// The next node; nil, one line further, when the line begins none.
  private mutating func node() -> SuiteTree? {
    guard let line = lines.popFirst()?.drop(while: { $0 == " " }) else { return nil }
    let kind = line.prefix(4)
    var rest = line.dropFirst(4).drop { $0 == " " }
    if kind == "=ALI" { return anchors[String(rest.dropFirst())] }
    for marks in ["[]", "{}"] where rest.hasPrefix(marks) { rest = rest.dropFirst(2).drop { $0 == " " } }
    var anchor: String?
    if rest.first == "&" {
      anchor = String(rest.dropFirst().prefix { $0 != " " })
      rest = rest.drop { $0 != " " }.drop { $0 == " " }
    }
    if rest.first == "<", let end = rest.firstIndex(of: ">") { rest = rest[end...].dropFirst().drop { $0 == " " } }
    var result: SuiteTree?
    switch kind {
    case "=VAL": result = .scalar(Self.unescaped(rest.dropFirst()), Self.styles[rest.first ?? ":"] ?? .plain)
    case "+SEQ": result = .sequence(children(until: "-SEQ"))
    case "+MAP":
      let children = children(until: "-MAP")
      result = .mapping(
        stride(from: 0, to: children.count - 1, by: 2).map { SuiteTree.Pair(key: children[$0], value: children[$0 + 1]) })
    default: break
    }
    if let anchor { anchors[anchor] = result }
    return result
  }

  private mutating func children(until end: String) -> [SuiteTree] {
    var children: [SuiteTree] = []
    while let line = lines.first {
      if line.drop(while: { $0 == " " }).hasPrefix(end) {
        lines = lines.dropFirst()
        break
      }
      if let child = node() { children.append(child) }
    }
    return children
  }

  private static let styles: [Character: YAMLScalar.Style] = [
    ":": .plain, "'": .singleQuoted, "\"": .doubleQuoted, "|": .literal, ">": .folded,
  ]

  private static func unescaped(_ text: Substring) -> String {
    var result = ""
    var isEscape = false
    for character in text {
      if isEscape {
        result.append(["n": "\n", "t": "\t", "r": "\r", "b": "\u{8}", "\\": "\\"][character] ?? character)
        isEscape = false
      } else if character == "\\" {
        isEscape = true
      } else {
        result.append(character)
      }
    }
    return result
  }
}

extension JSONValue {
  /// JSON knows one kind of number.
  var withOneKindOfNumber: JSONValue {
    switch self {
    case .integer(let number): .number(Double(number))
    case .list(let items): .list(items.map(\.withOneKindOfNumber))
    case .object(let fields): .object(fields.mapValues(\.withOneKindOfNumber))
    default: self
    }
  }
}
