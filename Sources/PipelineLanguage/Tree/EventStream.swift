import CLibYAML

/// What libyaml says of a text, event by event. The only place that speaks to libyaml.
package final class EventStream {
  struct Mark {
    let index: Int
    let line: Int
    let column: Int

    /// The same mark in a text with characters put before it on the same line.
    func moved(by characters: Int) -> Mark { Mark(index: index + characters, line: line, column: column + characters) }
  }

  package enum Content {
    case nothing
    case documentStart
    case streamEnd
    case alias(String)
    case scalar(text: String, style: YAMLScalar.Style)
    case sequenceStart(isFlow: Bool)
    case sequenceEnd
    case mappingStart(isFlow: Bool)
    case mappingEnd
  }

  package struct Event {
    package let content: Content
    let anchor: String?
    let tag: String?
    let start: Mark
    let end: Mark
  }

  /// Why libyaml stopped.
  struct Problem: Error {
    let message: String
    /// Where it stopped; nil when the bytes could not be read.
    let mark: Mark?
    /// The byte that could not be read, when `mark` is nil.
    let byteOffset: Int
    /// What it was in the middle of ("while parsing a flow mapping") and where that began.
    let context: String?
    let contextMark: Mark?
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  package init(_ bytes: [UInt8]) throws {
    parser = .allocate(capacity: 1)
    // One byte more than needed, so that an empty text has an address too.
    input = .allocate(capacity: bytes.count + 1)
    input.initialize(repeating: 0)
    _ = input.update(fromContentsOf: bytes)
    guard yaml_parser_initialize(parser) == 1 else {
      throw Problem(message: "out of memory", mark: nil, byteOffset: 0, context: nil, contextMark: nil)
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  /// The next event.
  /// - Throws: `Problem` when the text is not YAML.
  package func next() throws -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw problem }
    defer { yaml_event_delete(&event) }
    var anchor: UnsafeMutablePointer<yaml_char_t>?
    var tag: UnsafeMutablePointer<yaml_char_t>?
    let content: Content
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: content = .documentStart
    case YAML_STREAM_END_EVENT: content = .streamEnd
    case YAML_ALIAS_EVENT: content = .alias(Self.text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      (anchor, tag) = (scalar.anchor, scalar.tag)
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      content = .scalar(text: String(decoding: bytes, as: UTF8.self), style: Self.style(scalar.style))
    case YAML_SEQUENCE_START_EVENT:
      (anchor, tag) = (event.data.sequence_start.anchor, event.data.sequence_start.tag)
      content = .sequenceStart(isFlow: event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE)
    case YAML_SEQUENCE_END_EVENT: content = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      (anchor, tag) = (event.data.mapping_start.anchor, event.data.mapping_start.tag)
      content = .mappingStart(isFlow: event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE)
    case YAML_MAPPING_END_EVENT: content = .mappingEnd
    default: content = .nothing
    }
    return Event(
      content: content, anchor: Self.text(anchor), tag: Self.text(tag), start: Mark(event.start_mark), end: Mark(event.end_mark))
  }

  private var problem: Problem {
    let state = parser.pointee
    let unreadable = state.error == YAML_READER_ERROR || state.error == YAML_MEMORY_ERROR
    return Problem(
      message: state.problem.map { String(cString: $0) } ?? "out of memory", mark: unreadable ? nil : Mark(state.problem_mark),
      byteOffset: state.problem_offset, context: state.context.map { String(cString: $0) },
      contextMark: state.context == nil ? nil : Mark(state.context_mark))
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? { pointer.map { String(cString: $0) } }

  private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }
}

extension EventStream.Mark {
  init(_ mark: yaml_mark_t) { self.init(index: mark.index, line: mark.line, column: mark.column) }
}
