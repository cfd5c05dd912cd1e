/// One message about a pipeline, with the facts in it; `rendered` makes the words for people.
public struct Diagnostic: Sendable, Hashable {
  public enum Severity: String, Sendable, Hashable {
    case error
    case warning
  }

  /// A second place that helps to understand the first.
  public struct Related: Sendable, Hashable {
    public let message: String
    public let range: SourceRange

    public init(_ message: String, at range: SourceRange) {
      self.message = message
      self.range = range
    }
  }

  public var code: DiagnosticCode
  public var severity: Severity
  /// One sentence without a full stop.
  public var message: String
  /// What the caret is drawn under.
  public var range: SourceRange
  public var related: [Related]
  /// The nearest known name, as it should have been written.
  public var suggestion: String?
  /// What to do, when it is more than a name.
  public var help: String?

  public init(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, severity: Severity = .error, related: [Related] = [],
    suggestion: String? = nil, help: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.range = range
    self.related = related
    self.suggestion = suggestion
    self.help = help
  }
}

extension [Diagnostic] {
  /// Whether something must be mended before the pipeline can be planned.
  public var hasErrors: Bool { contains { $0.severity == .error } }

  /// In the order of the text, each code once per place; what the dropped ones point to besides is kept.
  public func tidied() -> [Diagnostic] {
    var kept: [Diagnostic] = []
    var indices: [CodedPlace: Int] = [:]
    for diagnostic in self {
      let place = CodedPlace(code: diagnostic.code, range: diagnostic.range)
      guard let index = indices[place] else {
        indices[place] = kept.count
        kept.append(diagnostic)
        continue
      }
      for related in diagnostic.related where !kept[index].related.contains(related) { kept[index].related.append(related) }
    }
    // The command line comes last; a stable order needs the index.
    return kept.enumerated().sorted { left, right in
      let (a, b) = (left.element.range, right.element.range)
      if a.source.kind != b.source.kind { return a.source.kind == .file }
      if a.source !== b.source { return left.offset < right.offset }
      return (a.start.byteOffset, left.offset) < (b.start.byteOffset, right.offset)
    }.map(\.element)
  }
}

/// A file that is imported twice is told of once.
private struct CodedPlace: Hashable {
  let code: DiagnosticCode
  let source: String
  let start: Int
  let end: Int

  init(code: DiagnosticCode, range: SourceRange) {
    self.code = code
    source = range.source.kind == .file ? range.source.path ?? range.source.name : range.source.name + range.source.line(1)
    (start, end) = (range.start.byteOffset, range.end.byteOffset)
  }
}
