/// A node of the YAML tree, with the range it stands in.
public struct YAMLNode: Sendable {
  public enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
  }

  public let content: Content
  /// From the first to after the last character. An absent value (`key:`) has the range of its key.
  public let range: SourceRange
  /// Nodes in this tree, itself included, aliases counted as often as they are used; a long text counts as several.
  public let size: Int

  public init(_ content: Content, range: SourceRange) {
    self.content = content
    self.range = range
    switch content {
    case .scalar(let scalar): size = 1 + scalar.text.utf8.count / 64
    case .sequence(let items): size = items.reduce(1) { $0 + $1.size }
    case .mapping(let entries): size = entries.reduce(1) { $0 + 1 + $1.value.size }
    }
  }

  public var scalar: YAMLScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }
  public var sequence: [YAMLNode]? { if case .sequence(let items) = content { items } else { nil } }
  public var mapping: [YAMLEntry]? { if case .mapping(let entries) = content { entries } else { nil } }

  /// An absent value or a plain `null`.
  public var isNull: Bool { scalar.map { $0.isPlain && CoreSchema.isNull($0.text) } ?? false }

  /// What the node is, in the words of messages.
  public var kindName: String {
    switch content {
    case .scalar(let scalar):
      if isNull { "nothing" } else { scalar.isPlain ? "'\(scalar.text.shortened)'" : "the text '\(scalar.text.shortened)'" }
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// The same node standing elsewhere: an absent value takes the place of its key.
  func placed(at range: SourceRange) -> YAMLNode { YAMLNode(content, range: range) }
}

/// A key and its value.
public struct YAMLEntry: Sendable {
  public let key: Located<String>
  public let value: YAMLNode
}

/// A scalar as written.
public struct YAMLScalar: Sendable, Hashable {
  public enum Style: String, Sendable, Hashable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  /// The text after quoting and folding are undone.
  public let text: String
  public let style: Style
  /// Whether the text may be something else than text: plain, and not tagged `!!str`.
  public let isPlain: Bool
}

extension String {
  /// At most 60 characters on one line, for messages.
  var shortened: String {
    let line = String(unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) })
    return line.count <= 60 ? line : line.prefix(57) + "..."
  }
}
