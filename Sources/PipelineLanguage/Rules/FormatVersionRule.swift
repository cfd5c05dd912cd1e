/// The file says which version of the format it is written in, and has a name and stages.
enum FormatVersionRule: Rule {
  static let supported = 1

  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let syntax = analysis.syntax
    let source = syntax.source
    let top = syntax.keys.values.min { $0.start < $1.start } ?? source.wholeRange
    var notes: [Diagnostic] = []
    if let version = syntax.version {
      let number = version.scalar.flatMap { $0.isPlain ? CoreSchema.integer($0.text) : nil }
      if number != Int64(supported) {
        notes.append(
          Diagnostic(
            .formatVersion, "this program reads version \(supported) of the format; found \(version.kindName)", at: version.range,
            help: "write plumb: \(supported)"))
      }
    }
    let missing = ["plumb", "name", "stages"].filter { syntax.keys[$0] == nil }
    if !missing.isEmpty {
      let help = syntax.version == nil ? "a file begins with the line plumb: \(supported)" : nil
      notes.append(Diagnostic(.missingKey, "a pipeline needs \(NameList.quoted(missing))", at: syntax.keys["plumb"] ?? top, help: help))
    }
    return notes
  }
}
