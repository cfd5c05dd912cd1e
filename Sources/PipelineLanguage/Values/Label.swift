import StageSchema

/// Short texts for values in the names of cells. Two labels are equal exactly when the values are.
enum Label {
  /// The label of a value; texts that could be taken for something else are quoted.
  static func of(_ value: ParameterValue) -> String {
    switch value {
    case .text(let text): isSafe(text) ? text : quoted(text)
    case .list(let items): "[" + items.map(of).joined(separator: ",") + "]"
    case .record(let fields): "{" + fields.sorted { $0.key < $1.key }.map { "\($0.key): \(of($0.value))" }.joined(separator: ", ") + "}"
    case .number(let number) where number == 0: "0"
    default: value.label
    }
  }

  /// The label of a value as somebody wrote it in a pick: `1.0` and `1` are one.
  static func normal(_ text: String) -> String {
    if text.hasPrefix("\""), text.hasSuffix("\""), text.count >= 2 {
      // Quotes that are not needed do not tell two values apart.
      let inner = String(text.dropFirst().dropLast())
      return isSafe(inner) ? inner : text
    }
    if text.hasPrefix("{") || text.hasPrefix("[") {
      let source = SourceText(name: "", directory: "/", kind: .commandLine, text: text)
      if let node = TreeReader.read(source).root { return of(node) }
    }
    return of(CoreSchema.value(text, isPlain: true))
  }

  static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func isSafe(_ text: String) -> Bool {
    guard !text.isEmpty, text.unicodeScalars.allSatisfy({ $0.value > 0x20 && !",[]{}=\"\\".unicodeScalars.contains($0) }) else {
      return false
    }
    if case .text = CoreSchema.value(text, isPlain: true) { return true }
    return false
  }
}
