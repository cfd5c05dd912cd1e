extension Diagnostic {
  /// `key:value`, which is no key and value.
  static func missingSpace(at range: SourceRange) -> Diagnostic {
    let name = range.text.prefix { $0 != ":" && $0 != "=" }
    var value = String(range.text.dropFirst(name.count + 1)).shortened
    // A bracket has more behind it than the range.
    if value.hasPrefix("{") { value = "{…}" }
    if value.hasPrefix("[") { value = "[…]" }
    return Diagnostic(
      .missingSpace,
      range.text.dropFirst(name.count).first == "="
        ? "'=' ends no key: '\(range.text.shortened)'" : "a space is missing after the colon of '\(range.text.shortened)'", at: range,
      help: value.isEmpty ? "a colon ends a key only when a space follows" : "write \(name): \(value)")
  }

  /// A key that no colon ends.
  static func missingColon(after name: String, before value: String? = nil, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .missingSpace, "'\(name)' is no key yet: a colon and a space must follow it", at: range,
      help: "write \(name):\(value.map { " " + $0 } ?? "")")
  }

  /// `${name}`, which is a shell's way.
  static func shellReference(_ text: String, at range: SourceRange) -> Diagnostic {
    let name = text.split { $0 == " " || $0 == "{" || $0 == "." }.last.map(String.init) ?? ""
    return shellReference(named: name, at: range)
  }

  private static func shellReference(named name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badReference, "'${' begins no reference", at: range,
      help: Identifier.isValid(name)
        ? "write $\(name), or $(\(name)) inside of text" : "a parameter is written $name, or $(name) inside of text")
  }
}
