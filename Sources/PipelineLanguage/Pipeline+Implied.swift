import StageSchema

extension PipelineStage {
  /// The stages with those that their ports imply (`ImpliedStage`) put in before them; positions are counted anew.
  static func withImplied(_ stages: [PipelineStage]) -> [PipelineStage] {
    var all: [PipelineStage] = []
    /// Where each of the stages has come to stand.
    var positions: [Int] = []
    for stage in stages {
      let edges = stage.inputs.map { $0.from(positions[$0.source]) }
      var inputs: [PipelineInput] = []
      for edge in edges {
        let implied = stage.descriptor.input(edge.port)?.implied(by: edge.output.type)
        if let implied, !stage.needs(implied) { continue }
        guard let implied, let made = PipelineStage(implied, before: stage, edge: edge, among: edges),
          let output = made.descriptor.outputs.first
        else {
          inputs.append(edge)
          continue
        }
        let gathered = made.axes.filter(stage.gather.contains)
        inputs.append(
          PipelineInput(
            port: edge.port, source: all.count, output: output, picks: [], axes: made.axes.filter { !gathered.contains($0) },
            gathered: gathered, range: edge.range))
        all.append(made)
      }
      positions.append(all.count)
      all.append(stage.fed(by: inputs))
    }
    return all
  }

  /// The stage that stands between an edge and a port of `stage`. It is called after both, and what goes wrong in it is shown at
  /// what is written there.
  private init?(_ implied: ImpliedStage, before stage: PipelineStage, edge: PipelineInput, among edges: [PipelineInput]) {
    descriptor = implied.descriptor
    isImplied = true
    name = "\(stage.name).\(edge.port)"
    range = stage.range
    hints = stage.hints
    gather = []
    fields = implied.descriptor.parameters.compactMap { field in
      if let value = implied.with[field.name] { return FieldTemplate(default: value, of: field) }
      if let given = stage.fields.first(where: { $0.field.name == field.name }) { return given.filling(field) }
      return field.absentValue.map { FieldTemplate(default: $0, of: field) }
    }
    inputs = implied.descriptor.inputs.compactMap { port in
      let taken = port.name == implied.port ? edge : edges.first { $0.port == port.name }
      return taken?.arriving(at: port.name)
    }
    guard fields.count == implied.descriptor.parameters.count else { return nil }
    let own = Set(fields.flatMap(\.axes))
    ownAxes = own.sorted()
    axes = inputs.reduce(into: own) { $0.formUnion($1.axes) }.sorted()
    origins = stage.origins.merging(["inputs.\(implied.port)": edge.range]) { $1 }
  }

  /// Whether one of the stage's cells takes what the implied stage makes.
  private func needs(_ implied: ImpliedStage) -> Bool {
    guard let need = implied.need else { return true }
    return fields.first { $0.field.name == need.field }?.values.contains(where: need.isMet) ?? true
  }

  private func fed(by inputs: [PipelineInput]) -> PipelineStage {
    PipelineStage(
      name: name, range: range, descriptor: descriptor, isImplied: isImplied, fields: fields, inputs: inputs, ownAxes: ownAxes,
      axes: axes, gather: gather, hints: hints, origins: origins)
  }
}

extension PipelineInput {
  /// The same edge with its source at another position.
  fileprivate func from(_ source: Int) -> PipelineInput {
    PipelineInput(port: port, source: source, output: output, picks: picks, axes: axes, gathered: gathered, range: range)
  }

  /// The same edge into another stage, which gathers nothing.
  fileprivate func arriving(at port: String) -> PipelineInput {
    PipelineInput(port: port, source: source, output: output, picks: picks, axes: (axes + gathered).sorted(), gathered: [], range: range)
  }
}

extension FieldTemplate {
  /// The same values for a field of the same type of another stage.
  fileprivate func filling(_ field: ParameterField) -> FieldTemplate {
    FieldTemplate(field: field, axes: axes, counts: counts, values: values, written: written, use: use, fills: fills)
  }
}
