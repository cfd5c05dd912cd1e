/// Reads the sections of a pipeline out of the YAML tree.
struct SyntaxReader {
  var notes: [Diagnostic] = []
  var syntax: PipelineSyntax

  static let keys = ["plumb", "name", "about", "use", "params", "stages", "exclude", "default", "run"]

  /// The pipeline, as far as it could be read, and everything wrong with its shape.
  static func read(_ root: YAMLNode) -> (PipelineSyntax, [Diagnostic]) {
    var reader = SyntaxReader(syntax: PipelineSyntax(source: root.range.source))
    reader.read(root)
    return (reader.syntax, reader.notes)
  }

  private mutating func read(_ root: YAMLNode) {
    guard let file = ClosedMapping(root, "a pipeline", keys: Self.keys, notes: &notes) else { return }
    syntax.keys = file.positions
    syntax.version = file["plumb"]?.value
    syntax.name = file["name"].flatMap { Shape.text($0.value, "'name'", notes: &notes) }
    syntax.about = file["about"].flatMap { Shape.text($0.value, "'about'", notes: &notes) }?.value
    if let use = file["use"] {
      for entry in use.value.isNull ? [] : Shape.mapping(use.value, "'use'", notes: &notes) ?? [] {
        syntax.uses.append(SyntaxReader.importEntry(entry, notes: &notes))
      }
    }
    if let params = file["params"], !params.value.isNull {
      for entry in Shape.mapping(params.value, "'params'", notes: &notes) ?? [] {
        syntax.parameters.append(SyntaxReader.parameter(entry.key, entry.value, notes: &notes))
      }
    }
    if let stages = file["stages"], let entries = Shape.mapping(stages.value, "'stages'", notes: &notes) {
      if entries.isEmpty { notes.append(Diagnostic(.noValue, "'stages' names no stage", at: stages.key.range)) }
      for entry in entries { stage(entry) }
    }
    if let exclude = file["exclude"] {
      for item in Shape.list(exclude.value, "'exclude'", notes: &notes) ?? [] { self.exclude(item) }
    }
    if let targets = file["default"] {
      let items = Shape.list(targets.value, "'default'", notes: &notes)
      syntax.defaults = items?.compactMap { cellReference($0) }
      syntax.defaultIsEmpty = items?.isEmpty ?? false
    }
    if let run = file["run"] { syntax.hints = hints(run.value, "'run'") }
  }

  private mutating func stage(_ entry: YAMLEntry) {
    let title = "stage '\(entry.key.value.shortened)'"
    var stage = StageSyntax(name: entry.key)
    let keys = ["uses", "inputs", "with", "gather", "run"]
    defer { syntax.stages.append(stage) }
    guard let body = ClosedMapping(entry.value, title, keys: keys, unknown: &stage.unknownKeys, notes: &notes) else { return }
    stage.isReadable = true
    stage.keys = body.positions
    stage.uses = body["uses"].flatMap { Shape.text($0.value, "'uses' of \(title)", notes: &notes) }
    if let inputs = body["inputs"], !inputs.value.isNull {
      let entries = Shape.mapping(inputs.value, "'inputs' of \(title)", notes: &notes)
      if entries == nil { stage.unreadable.insert("inputs") }
      for input in entries ?? [] {
        stage.inputs.append(EdgeSyntax(port: input.key, target: cellReference(input.value)))
      }
    }
    if let with = body["with"], !with.value.isNull {
      let entries = Shape.mapping(with.value, "'with' of \(title)", notes: &notes)
      if entries == nil { stage.unreadable.insert("with") }
      for field in entries ?? [] {
        stage.fields.append(Expression.MapEntry(key: field.key, value: Expression(field.value, notes: &notes)))
      }
    }
    if let gather = body["gather"] {
      let items = Shape.list(gather.value, "'gather' of \(title)", notes: &notes) ?? []
      stage.gather = items.compactMap { Shape.text($0, "an axis", notes: &notes) }
    }
    if let run = body["run"] { stage.hints = hints(run.value, "'run' of \(title)") }
  }

  private mutating func cellReference(_ node: YAMLNode) -> Located<CellReference>? {
    do {
      return Located(try CellReference(node), node.range)
    } catch {
      notes.append(error.diagnostic)
      return nil
    }
  }

  private mutating func exclude(_ node: YAMLNode) {
    guard let mapping = Shape.mapping(node, "an item of 'exclude'", notes: &notes) else { return }
    var conditions: [(axis: Located<String>, values: [Located<String>])] = []
    for entry in mapping {
      let items = entry.value.sequence ?? [entry.value]
      if items.isEmpty {
        notes.append(Diagnostic(.idleExclude, "'\(entry.key.value.shortened)' lists no values, so nothing matches", at: entry.value.range))
      }
      conditions.append((entry.key, items.map { Located(Label.of($0), $0.range) }))
    }
    if mapping.isEmpty { notes.append(Diagnostic(.idleExclude, "an exclude without coordinates matches nothing", at: node.range)) }
    syntax.exclude.append(ExcludeSyntax(range: node.range, conditions: conditions))
  }

  private mutating func hints(_ node: YAMLNode, _ what: String) -> RunHints {
    guard !node.isNull, let body = ClosedMapping(node, what, keys: ["lanes", "memory"], notes: &notes) else { return RunHints() }
    var hints = RunHints()
    if let lanes = body["lanes"] {
      hints.lanes = lanes.value.scalar.flatMap { $0.isPlain ? CoreSchema.integer($0.text) : nil }.flatMap { Int(exactly: $0) }
      if !(1...1024).contains(hints.lanes ?? 0) {
        hints.lanes = nil
        notes.append(
          Diagnostic(.badHint, "'lanes' must be a whole number from 1 to 1024; found \(lanes.value.kindName)", at: lanes.value.range))
      }
    }
    if let memory = body["memory"] {
      hints.memory = memory.value.scalar.flatMap { ByteCount.parse($0.text) }
      if hints.memory == nil {
        notes.append(
          Diagnostic(
            .badHint, "'memory' must be a size such as 2GiB or 800MB; found \(memory.value.kindName)", at: memory.value.range))
      }
    }
    return hints
  }
}

extension Label {
  /// The label of a node of the tree that holds no references.
  static func of(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let scalar): of(CoreSchema.value(scalar.text, isPlain: scalar.isPlain))
    case .sequence(let items): "[" + items.map { of($0) }.joined(separator: ",") + "]"
    case .mapping(let entries):
      "{" + entries.sorted { $0.key.value < $1.key.value }.map { "\($0.key.value): \(of($0.value))" }.joined(separator: ", ") + "}"
    }
  }
}
