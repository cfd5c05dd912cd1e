import StageSchema

/// Everything the rules look at: the file as written and what its names mean. Computed once; nothing in it is a verdict.
struct Analysis: Sendable {
  let syntax: PipelineSyntax
  let catalogue: StageCatalogue
  let scope: ParameterScope
  private(set) var stages: [StageAnalysis] = []
  /// Position of each stage by name.
  private(set) var indices: [String: Int] = [:]
  /// Stages in an order in which everything comes after what it needs.
  let order: DependencyOrder

  init(_ syntax: PipelineSyntax, catalogue: StageCatalogue) {
    self.syntax = syntax
    self.catalogue = catalogue
    let scope = ParameterScope(syntax.parameters)
    self.scope = scope
    indices = Dictionary(syntax.stages.enumerated().map { ($1.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    var stages = syntax.stages.map { stage in
      var analysis = StageAnalysis(syntax: stage, descriptor: stage.uses.flatMap { catalogue[$0.value] })
      Self.assignFields(of: &analysis)
      for index in analysis.fields.indices { Self.decode(&analysis.fields[index], of: stage, in: scope) }
      analysis.isComplete = stage.isReadable && stage.fields.allSatisfy { scope.isResolvable($0.value) }
      analysis.ownAxes = stage.fields.reduce(into: []) { $0.formUnion(scope.axes(of: $1.value)) }
      return analysis
    }
    for index in stages.indices { Self.assignEdges(of: index, in: &stages, indices: indices) }
    order = DependencyOrder(stages.map { $0.edges.compactMap(\.source) })
    for index in order.order where !order.blocked.contains(index) { Self.flow(into: index, of: &stages, axes: scope.axes) }
    self.stages = stages
  }

  /// Pairs the keys under `with` with the fields of the stage.
  private static func assignFields(of stage: inout StageAnalysis) {
    guard let descriptor = stage.descriptor else { return }
    let fields = Dictionary(descriptor.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var given = Set(stage.syntax.fields.map(\.key.value)).intersection(fields.keys)
    for entry in stage.syntax.fields {
      if let field = fields[entry.key.value] {
        stage.fields.append(FieldAnalysis(field: field, syntax: entry))
        continue
      }
      // Of two that are equally near, the one that must be given.
      let names =
        descriptor.parameters.filter { $0.absentValue == nil }.map(\.name)
        + descriptor.parameters.filter { $0.absentValue != nil }.map(\.name)
      let suggestion =
        NearestName.of(entry.key.value, among: names.filter { !given.contains($0) }) ?? NearestName.of(entry.key.value, among: names)
      stage.unknownFields.append((entry.key, suggestion))
      if let suggestion, let field = fields[suggestion], given.insert(suggestion).inserted {
        stage.fields.append(FieldAnalysis(field: field, syntax: entry))
      }
    }
  }

  /// Gives the values of a field its type: the one time they are decoded.
  private static func decode(_ field: inout FieldAnalysis, of stage: StageSyntax, in scope: ParameterScope) {
    var notes: [Diagnostic] = []
    field.template = FieldTemplate.build(
      field.field, from: field.syntax.value, stage: stage.name.value, in: scope, notes: &notes)
    field.notes = notes
  }

  /// Finds the ports, stages and outputs that the edges of a stage name.
  private static func assignEdges(of index: Int, in stages: inout [StageAnalysis], indices: [String: Int]) {
    let stage = stages[index]
    var given = Set(stage.syntax.inputs.map(\.port.value))
    stages[index].edges = stage.syntax.inputs.map { input in
      var edge = EdgeAnalysis(syntax: input)
      if let descriptor = stage.descriptor {
        if let port = descriptor.input(input.port.value) {
          (edge.port, edge.accepts) = (port.name, port.accepts)
        } else if let open = descriptor.openInputs {
          (edge.port, edge.accepts) = (input.port.value, open)
        } else {
          edge.isKnownPort = false
          edge.portIsField = descriptor.parameters.contains { $0.name == input.port.value }
          let names = descriptor.inputs.map(\.name)
          edge.portSuggestion =
            NearestName.of(input.port.value, among: names.filter { !given.contains($0) }) ?? NearestName.of(input.port.value, among: names)
          if let suggestion = edge.portSuggestion, given.insert(suggestion).inserted {
            (edge.port, edge.accepts) = (suggestion, descriptor.input(suggestion)?.accepts)
          }
        }
      }
      guard let target = input.target?.value, let source = indices[target.stage.value] else { return edge }
      edge.source = source
      if let descriptor = stages[source].descriptor {
        edge.output = target.output.map { descriptor.output($0.value) } ?? descriptor.outputs.first
      }
      return edge
    }
  }

  /// The axes of a stage, once those of its sources are known.
  private static func flow(into index: Int, of stages: inout [StageAnalysis], axes: [Axis]) {
    var all = stages[index].ownAxes
    let gather = Set(stages[index].syntax.gather.compactMap { name in axes.firstIndex { $0.isCalled(name.value) } })
    for position in stages[index].edges.indices {
      var edge = stages[index].edges[position]
      guard let source = edge.source, let incoming = stages[source].axes, let target = edge.syntax.target?.value else {
        stages[index].isComplete = false
        continue
      }
      if !stages[source].isComplete { stages[index].isComplete = false }
      edge.axes = incoming
      if !target.conditions.isEmpty {
        let resolution = PickResolution(target.conditions, stage: target.stage.value, axes: axes, available: incoming)
        edge.pickNotes = stages[source].isComplete ? resolution.notes : []
        for (axis, values) in resolution.matches.sorted(by: { $0.key < $1.key }) {
          edge.axes.remove(axis)
          if values.count == 1, let value = values.first { edge.picks.append(Pick(axis: axis, value: value)) }
          if values.count > 1 { edge.pickNotes.append(Self.ambiguous(target, axes[axis], values)) }
        }
      }
      edge.gathered = edge.axes.intersection(gather)
      edge.axes.subtract(gather)
      all.formUnion(edge.axes)
      stages[index].edges[position] = edge
    }
    stages[index].axes = all
  }

  private static func ambiguous(_ target: CellReference, _ axis: Axis, _ values: Set<Int>) -> Diagnostic {
    let named = target.conditions.first { $0.axis.value == axis.name || $0.axis.value.hasPrefix(axis.name + ".") }
    let range = named.map { $0.axis.range.joined(to: $0.value.range) } ?? target.range
    let names = values.sorted().map { axis.values[$0].name }
    return Diagnostic(
      .ambiguousPick, "'\(range.text)' matches \(values.count) values of '\(axis.name)'", at: range,
      related: [.init("the axis is declared here", at: axis.range)],
      help: names.count <= 12 ? "pick one of: " + names.joined(separator: "; ") : "name more fields of '\(axis.name)'")
  }
}
