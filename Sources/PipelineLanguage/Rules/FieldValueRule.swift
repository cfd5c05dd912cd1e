/// Every value has the type and range of the field it fills.
enum FieldValueRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    var notes: [Diagnostic] = []
    for stage in analysis.stages {
      for (field, value) in stage.fields {
        _ = FieldTemplate.build(
          field, from: value.value, stage: stage.syntax.name.value, in: analysis.scope, notes: &notes)
      }
    }
    let parameters = analysis.scope.parameters
    return notes.map { note in
      guard [.wrongType, .unknownChoice].contains(note.code), parameters[note.range.text] != nil, note.suggestion == nil else {
        return note
      }
      var note = note
      note.suggestion = "$\(note.range.text)"
      return note
    }
  }
}
