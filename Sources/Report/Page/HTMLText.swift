import Mustache

/// Plain text for HTML. It goes scalar by scalar: a quote or `<` that carries a combining mark is one character to Swift
/// but still ends an attribute or opens a tag to a browser. Control characters, which no HTML text may hold, become spaces.
struct HTMLText: MustacheContentType {
  static let name = "PLUMB_HTML"

  func escapeText(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      case let control where control.value < 0x20 || (0x7F...0x9F).contains(control.value) || control.value & 0xFFFE == 0xFFFE:
        escaped += " "
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
