/// One check of a pipeline that could be read. Adding a check is adding a file with one of these and a line below.
protocol Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic]
}

/// The rules, in no particular order: all of them run, and messages are sorted by place.
enum Rules {
  /// Everything the rules object to.
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let notes = all.flatMap { $0.check(analysis) }
    let ofFields: Set<DiagnosticCode> = [.wrongType, .outOfRange, .unknownChoice, .wrongCount, .unknownField]
    // A value of an axis that is wrong itself is not missed where it is named.
    let wrong = analysis.scope.axes.filter { axis in
      notes.contains { note in ofFields.contains(note.code) && axis.values.contains { $0.range.contains(note.range) } }
    }
    return notes.filter { note in
      guard note.code == .idleExclude || note.code == .unknownAxisValue else { return true }
      return !note.related.contains { place in wrong.contains { $0.range == place.range } }
    }
  }

  static var all: [any Rule.Type] {
    [
      FormatVersionRule.self, NamesRule.self, ShadowedNamesRule.self,
      ParameterCycleRule.self, ReferenceRule.self, UnusedParameterRule.self, RepeatedValueRule.self,
      StageKeyRule.self, StageKindRule.self, EdgeSourceRule.self, PortRule.self, PortTypeRule.self, StageCycleRule.self,
      FieldNameRule.self, FieldValueRule.self,
      GatherRule.self, PickRule.self, ExcludeRule.self, DefaultRule.self,
    ]
  }
}
