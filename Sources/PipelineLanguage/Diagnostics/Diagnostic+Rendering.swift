public import Basics

/// How messages are printed.
public enum DiagnosticFormat: String, Sendable, CaseIterable {
  case text, json, github
}

extension Diagnostic {
  /// `file:line:col: error[P014] message`, the source line, a caret under the token, help, and the related places.
  public var rendered: String {
    var lines = ["\(range.place): \(severity.rawValue)[\(code)] \(message)"]
    lines += Self.excerpt(range)
    if let suggestion { lines.append("  help: did you mean '\(suggestion)'?") }
    if let help { lines.append("  help: \(help)") }
    for place in related {
      lines.append("  \(place.range.place): note: \(place.message)")
      lines += Self.excerpt(place.range).map { "  " + $0 }
    }
    return lines.joined(separator: "\n")
  }

  public var json: JSONValue {
    var fields = Self.fields(range)
    fields["code"] = .text(code.description)
    fields["severity"] = .text(severity.rawValue)
    fields["message"] = .text(message)
    if let suggestion { fields["suggestion"] = .text(suggestion) }
    if let help { fields["help"] = .text(help) }
    fields["related"] = .list(
      related.map { place in
        var fields = Self.fields(place.range)
        fields["message"] = .text(place.message)
        return .object(fields)
      })
    return .object(fields)
  }

  /// A workflow command of GitHub Actions. A flag stands in no file, so it is quoted instead.
  public var githubAnnotation: String {
    let words =
      [message, suggestion.map { "did you mean '\($0)'?" }, help].compactMap { $0 } + related.map { "\($0.message): \($0.range.place)" }
    var text = words.joined(separator: "; ")
    var properties: [String] = []
    switch range.source.kind {
    case .commandLine: text = "\(range.source.line(1)): \(text)"
    case .file:
      properties = ["file=\(Self.escaped(range.source.name, also: true))", "line=\(range.start.line)"]
      if range.end.line == range.start.line {
        properties += ["col=\(range.start.column)", "endColumn=\(max(range.start.column, range.end.column - 1))"]
      } else {
        properties += ["endLine=\(range.end.line)", "col=\(range.start.column)"]
      }
    }
    properties.append("title=\(code)")
    return "::\(severity.rawValue) \(properties.joined(separator: ","))::\(Self.escaped(text, also: false))"
  }

  private static func fields(_ range: SourceRange) -> [String: JSONValue] {
    [
      "file": .text(range.source.name), "line": JSONValue(range.start.line), "column": JSONValue(range.start.column),
      "byteColumn": JSONValue(range.start.byteColumn), "endLine": JSONValue(range.end.line), "endColumn": JSONValue(range.end.column),
    ]
  }

  private static func escaped(_ text: String, also isProperty: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ":" where isProperty: result += "%3A"
      case "," where isProperty: result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The first line of the range and a line of carets. Tabs stay tabs, so that the caret stands right at any tab width.
  private static func excerpt(_ range: SourceRange) -> [String] {
    // Control characters could move the cursor.
    let line = range.source.line(range.start.line).unicodeScalars.map {
      $0 != "\t" && $0.properties.generalCategory == .control ? "\u{FFFD}" : $0
    }
    guard !line.isEmpty else { return [] }
    let start = min(range.start.column - 1, line.count)
    let end = range.end.line == range.start.line ? min(max(range.end.column - 1, start), line.count) : line.count
    // Long lines (flow maps of thousands of characters) are cut to a window around the token.
    let first = line.count > 160 ? max(0, start - 60) : 0
    let last = min(line.count, first + 160)
    var padding = ""
    for scalar in line[first..<start] { padding += scalar == "\t" ? "\t" : String(repeating: " ", count: scalar.printedWidth) }
    let width = line[start..<max(start, min(end, last))].reduce(0) { $0 + $1.printedWidth }
    let shown = String(String.UnicodeScalarView(line[first..<last]))
    return ["  " + shown, "  " + padding + String(repeating: "^", count: max(1, width))]
  }
}

extension [Diagnostic] {
  /// All messages in one text: what a command prints.
  public func rendered(as format: DiagnosticFormat) -> String {
    switch format {
    case .text: map(\.rendered).joined(separator: "\n")
    case .json: String(decoding: JSONValue.list(map(\.json)).encoded(pretty: true), as: UTF8.self)
    case .github: map(\.githubAnnotation).joined(separator: "\n")
    }
  }
}

extension Unicode.Scalar {
  /// Columns a terminal gives the character: 0 for marks that combine, 2 for East Asian wide ones, else 1.
  fileprivate var printedWidth: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
