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
    return notes
  }
}
