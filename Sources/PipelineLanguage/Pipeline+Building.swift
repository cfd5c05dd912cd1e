import OrderedCollections
import StageSchema

extension Pipeline {
  /// The pipeline of an analysis that no rule objects to.
  init(_ analysis: Analysis) {
    let syntax = analysis.syntax
    let scope = analysis.scope
    name = syntax.name?.value ?? ""
    about = syntax.about
    source = syntax.source
    imports = syntax.imports.map { PipelineImport(alias: $0.alias, source: $0.source, range: $0.range) }
    overlays = syntax.overlays
    hints = syntax.hints
    replacements = syntax.replacements.filter { replaced in
      syntax.stages.contains { stage in stage.fields.contains { $0.value.mentions.contains(replaced.parameter) } }
    }
    axes = scope.axes
    parameters = scope.parameters.values.filter { !$0.isSynthetic || $0.isAxis }.map { parameter in
      var notes: [Diagnostic] = []
      let axis = parameter.isAxis ? scope.axisIndices[parameter.name].map { scope.axes[$0].values.map(\.value) } : nil
      let values = axis ?? parameter.values.compactMap { scope.resolve($0, at: [:], notes: &notes)?.core }
      return PipelineParameter(name: parameter.name, isAxis: parameter.isAxis, values: values, range: parameter.range)
    }
    let positions = Dictionary(analysis.order.order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let stages = analysis.order.order.compactMap { index in
      PipelineStage(analysis.stages[index], scope: scope, fileHints: syntax.hints, positions: positions)
    }
    self.stages = PipelineStage.withImplied(stages)
    exclusions = syntax.exclude.compactMap { analysis.exclusion($0).0 }
    defaults = Self.defaults(analysis, stages)
  }

  /// What the file asks for; without that, every stage of it (of its imports, when it has none of its own) whose outputs no
  /// other stage takes.
  private static func defaults(_ analysis: Analysis, _ stages: [PipelineStage]) -> [PipelineTarget] {
    let syntax = analysis.syntax
    let own = stages.indices.filter { stages[$0].range.source === syntax.source }
    if let targets = syntax.defaults ?? (own.isEmpty && !syntax.importedDefaults.isEmpty ? syntax.importedDefaults : nil) {
      return targets.map { target in
        let stage = target.value.stage.value
        let available = analysis.indices[stage].flatMap { analysis.stages[$0].axes } ?? []
        let picks = PickResolution(target.value.conditions, stage: stage, axes: analysis.scope.axes, available: available)
        return PipelineTarget(stage: stage, values: picks.matches, range: target.range)
      }
    }
    let taken = Set(stages.flatMap { $0.inputs.map(\.source) })
    return (own.isEmpty ? Array(stages.indices) : own).filter { !taken.contains($0) }.map {
      PipelineTarget(stage: stages[$0].name, values: [:], range: nil)
    }
  }
}

extension PipelineStage {
  /// nil when the stage has no kind, which a rule reports.
  fileprivate init?(_ analysis: StageAnalysis, scope: ParameterScope, fileHints: RunHints, positions: [Int: Int]) {
    guard let descriptor = analysis.descriptor else { return nil }
    let syntax = analysis.syntax
    self.descriptor = descriptor
    isImplied = false
    name = syntax.name.value
    range = syntax.name.range
    hints = syntax.hints.over(fileHints)
    ownAxes = analysis.ownAxes.sorted()
    axes = (analysis.axes ?? analysis.ownAxes).sorted()
    gather = syntax.gather.compactMap { scope.axisIndices[$0.value] }.sorted()
    fields = descriptor.parameters.compactMap { field in
      guard let given = analysis.fields.first(where: { $0.field.name == field.name }) else {
        return field.absentValue.map { FieldTemplate(default: $0, of: field) }
      }
      return given.template
    }
    let given = analysis.edges.compactMap { edge -> PipelineInput? in
      guard let port = edge.port, let source = edge.source.flatMap({ positions[$0] }), let output = edge.output,
        let target = edge.syntax.target
      else { return nil }
      return PipelineInput(
        port: port, source: source, output: output, picks: edge.picks, axes: edge.axes.sorted(), gathered: edge.gathered.sorted(),
        range: target.range)
    }
    let declared = descriptor.inputs.compactMap { port in given.first { $0.port == port.name } }
    inputs = declared + given.filter { descriptor.input($0.port) == nil }
    origins = Self.origins(of: analysis)
  }

  private static func origins(of analysis: StageAnalysis) -> [String: SourceRange] {
    var origins = analysis.syntax.keys
    if let uses = analysis.syntax.uses { origins["uses"] = uses.range }
    for edge in analysis.edges {
      if let port = edge.port, let target = edge.syntax.target { origins["inputs.\(port)"] = target.range }
    }
    for given in analysis.fields {
      let path = "with.\(given.field.name)"
      // Where axes give several values, the places are those of the first.
      if let value = given.template?.written.first { add(value, at: path, to: &origins) }
      origins[path] = given.syntax.value.range
    }
    return origins
  }

  private static func add(_ value: ResolvedValue, at path: String, to origins: inout [String: SourceRange]) {
    origins[path] = value.range
    switch value {
    case .scalar: break
    case .list(let items, _): for (index, item) in items.enumerated() { add(item, at: "\(path)[\(index)]", to: &origins) }
    case .map(let entries, _):
      for entry in entries {
        origins["\(path).\(entry.key.value)\(keyMark)"] = entry.key.range
        add(entry.value, at: "\(path).\(entry.key.value)", to: &origins)
      }
    }
  }
}
