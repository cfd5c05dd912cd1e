import OrderedCollections

/// Every value has the type and range of the field it fills.
enum FieldValueRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let parameters = analysis.scope.parameters
    return analysis.stages.flatMap { $0.fields.flatMap(\.notes) }.map { note in
      guard [.wrongType, .unknownChoice].contains(note.code), parameters[note.range.text] != nil, note.suggestion == nil else {
        return note
      }
      var note = note
      note.suggestion = "$\(note.range.text)"
      return note
    }
  }
}
