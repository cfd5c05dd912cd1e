/// `uses` names a stage of the catalogue.
enum StageKindRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    analysis.stages.compactMap { stage in
      let name = stage.syntax.name
      guard let uses = stage.syntax.uses else {
        guard stage.syntax.keys["uses"] == nil, stage.syntax.isReadable else { return nil }
        return Diagnostic(.missingKey, "stage '\(name.value)' does not say what it uses", at: name.range, help: "add uses: STAGE")
      }
      guard stage.descriptor == nil else { return nil }
      let names = analysis.catalogue.names
      let suggestion = NearestName.of(uses.value, among: names)
      return Diagnostic(
        .unknownStageKind, "there is no stage called '\(uses.value.shortened)'", at: uses.range, suggestion: suggestion,
        help: suggestion == nil ? NearestName.listing(names) : nil)
    }
  }
}
