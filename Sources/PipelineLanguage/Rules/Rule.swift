/// One check of a pipeline that could be read. Adding a check is adding a file with one of these and a line below.
protocol Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic]
}

/// The rules, in no particular order: all of them run, and messages are sorted by place.
enum Rules {
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
