/// One entry of `use`: another pipeline file under a name, with its parameters bound.
struct ImportSyntax: Sendable {
  /// The name its stages and parameters get as a prefix.
  let alias: Located<String>
  /// The file, relative to the importing one; nil when it is named by address, or not at all.
  var file: Located<String>?
  var url: Located<String>?
  var sha256: Located<String>?
  /// Values for parameters of the imported file, in terms of the importing one.
  var bindings: [ParameterSyntax] = []
  /// Whether it could be read; what is wrong with it has been reported otherwise.
  var isReadable = false
}

extension SyntaxReader {
  /// Reads an entry of `use`: `{file: shared/cifar10.plumb.yaml, params: {root: $data}}`.
  static func importEntry(_ entry: YAMLEntry, notes: inout [Diagnostic]) -> ImportSyntax {
    let title = "the import '\(entry.key.value.shortened)'"
    var syntax = ImportSyntax(alias: entry.key)
    if entry.value.scalar != nil, !entry.value.isNull {
      notes.append(
        Diagnostic(
          .wrongShape, "\(title) must be a mapping (key: value); found \(entry.value.kindName)", at: entry.value.range,
          help: "write \(entry.key.value.shortened): {file: \(entry.value.scalar?.text.shortened ?? "")}"))
      return syntax
    }
    guard let body = ClosedMapping(entry.value, title, keys: ["file", "url", "sha256", "params"], notes: &notes) else { return syntax }
    func text(_ key: String) -> Located<String>? { body[key].flatMap { Shape.text($0.value, "'\(key)' of \(title)", notes: &notes) } }
    (syntax.file, syntax.url, syntax.sha256) = (text("file"), text("url"), text("sha256"))
    if let params = body["params"], !params.value.isNull {
      for binding in Shape.mapping(params.value, "'params' of \(title)", notes: &notes) ?? [] {
        syntax.bindings.append(parameter(binding.key, binding.value, notes: &notes))
      }
    }
    syntax.isReadable = true
    if syntax.file == nil, syntax.url == nil, body["file"] == nil, body["url"] == nil {
      notes.append(
        Diagnostic(
          .missingKey, "\(title) names no file", at: entry.key.range, help: "give it a file, or a url with its sha256"))
      syntax.isReadable = false
    }
    return syntax
  }
}
