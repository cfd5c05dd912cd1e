/// Every file says which version of the format it is written in, and has a name and stages.
enum FormatVersionRule: Rule {
  static let supported = 1

  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let syntax = analysis.syntax
    let required = syntax.uses.isEmpty ? ["plumb", "name", "stages"] : ["plumb", "name"]
    let imported = syntax.imports.flatMap { check($0.source, version: $0.version, keys: $0.keys, required: ["plumb"]) }
    return check(syntax.source, version: syntax.version, keys: syntax.keys, required: required) + imported
  }

  private static func check(
    _ source: SourceText, version: YAMLNode?, keys: [String: SourceRange], required: [String]
  ) -> [Diagnostic] {
    let top = keys.values.min { $0.start < $1.start } ?? source.wholeRange
    var notes: [Diagnostic] = []
    if let version {
      let number = version.scalar.flatMap { $0.isPlain ? CoreSchema.integer($0.text) : nil }
      if number != Int64(supported) {
        notes.append(
          Diagnostic(
            .formatVersion, "this program reads version \(supported) of the format; found \(version.kindName)", at: version.range,
            help: "write plumb: \(supported)"))
      }
    }
    let missing = required.filter { keys[$0] == nil }
    if !missing.isEmpty {
      let lines = ["plumb": "plumb: \(supported)", "name": "name: NAME", "stages": "stages:"]
      let help =
        version == nil
        ? "a file begins with the line plumb: \(supported)" : "add \(missing.compactMap { lines[$0] }.joined(separator: " and "))"
      notes.append(Diagnostic(.missingKey, "a pipeline needs \(NameList.quoted(missing))", at: keys["plumb"] ?? top, help: help))
    }
    return notes
  }
}
