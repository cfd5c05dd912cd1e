import StageSchema

/// A value after references were followed, before a field gives it a type. Every part keeps the place of its literal.
indirect enum ResolvedValue: Sendable {
  case scalar(String, isPlain: Bool, SourceRange)
  case list([ResolvedValue], SourceRange)
  case map([Entry], SourceRange)

  struct Entry: Sendable {
    let key: Located<String>
    let value: ResolvedValue
  }

  var range: SourceRange {
    switch self {
    case .scalar(_, _, let range), .list(_, let range), .map(_, let range): range
    }
  }

  /// Where every scalar in it is written, by path: `b`, `levels[1]`; "" for the value itself when it is one, or is empty.
  var places: [String: SourceRange] {
    var found: [String: SourceRange] = [:]
    collect(into: &found, at: "")
    return found
  }

  private func collect(into found: inout [String: SourceRange], at path: String) {
    switch self {
    case .list(let items, _) where !items.isEmpty:
      for (index, item) in items.enumerated() { item.collect(into: &found, at: "\(path)[\(index)]") }
    case .map(let entries, _) where !entries.isEmpty:
      for entry in entries { entry.value.collect(into: &found, at: path.isEmpty ? entry.key.value : "\(path).\(entry.key.value)") }
    default: found[path] = range
    }
  }

  var isNull: Bool { if case .scalar(let text, true, _) = self { CoreSchema.isNull(text) } else { false } }

  /// The value by its own looks, as a field of type `open` takes it.
  var core: ParameterValue {
    switch self {
    case .scalar(let text, let isPlain, _): CoreSchema.value(text, isPlain: isPlain)
    case .list(let items, _): .list(items.map(\.core))
    case .map(let entries, _): .record(Dictionary(entries.map { ($0.key.value, $0.value.core) }, uniquingKeysWith: { first, _ in first }))
    }
  }

  /// What it is, in the words of messages.
  var kindName: String {
    switch self {
    case .scalar(let text, let isPlain, _):
      if isNull { "nothing" } else { isPlain ? "'\(text.shortened)'" : "the text \"\(text.shortened)\"" }
    case .list(let items, _): items.isEmpty ? "an empty list" : "a list"
    case .map: "a mapping"
    }
  }
}
