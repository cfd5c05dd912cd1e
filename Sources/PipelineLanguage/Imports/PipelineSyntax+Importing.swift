extension PipelineSyntax {
  /// The same with every name of its own behind a prefix, as the importing file sees it: `weights` is `cifar.weights`.
  /// Run hints of the file go to its stages.
  func prefixed(by alias: String) -> PipelineSyntax {
    var syntax = self
    let prefix = alias + "."
    syntax.parameters = parameters.map { parameter in
      ParameterSyntax(
        name: prefix + parameter.name, range: parameter.range, isAxis: parameter.isAxis,
        values: parameter.values.map { $0.prefixed(by: prefix) }, isSynthetic: parameter.isSynthetic)
    }
    syntax.stages = stages.map { stage in
      var copy = stage
      copy.name = stage.name.prefixed(by: prefix)
      copy.inputs = stage.inputs.map { input in
        EdgeSyntax(port: input.port, target: input.target.map { Located($0.value.prefixed(by: prefix), $0.range) })
      }
      copy.fields = stage.fields.map { Expression.MapEntry(key: $0.key, value: $0.value.prefixed(by: prefix)) }
      copy.gather = stage.gather.map { $0.prefixed(by: prefix) }
      copy.hints = stage.hints.over(hints)
      return copy
    }
    syntax.exclude = exclude.map { entry in
      ExcludeSyntax(range: entry.range, conditions: entry.conditions.map { ($0.axis.prefixed(by: prefix), $0.values) })
    }
    syntax.defaults = defaults?.map { Located($0.value.prefixed(by: prefix), $0.range) }
    syntax.importedDefaults = importedDefaults.map { Located($0.value.prefixed(by: prefix), $0.range) }
    syntax.lostImports = Set(lostImports.map { prefix + $0 })
    return syntax
  }

  /// Takes in the names of an imported file, which are behind a prefix already.
  mutating func take(_ imported: PipelineSyntax, as file: ImportedFile) {
    parameters += imported.parameters
    stages += imported.stages
    exclude += imported.exclude
    imports.append(file)
    imports += imported.imports.map { $0.under(file) }
    lostImports.formUnion(imported.lostImports)
    importedDefaults += imported.defaults ?? imported.importedDefaults
  }

  /// Reads `cifar.weights` as the stage of an import where it first looked like an output of a stage `cifar`.
  mutating func joinImportedNames() {
    guard !imports.isEmpty else { return }
    let names = Set(stages.map(\.name.value))
    let aliases = Set(imports.map(\.alias))
    for stage in stages.indices {
      for input in stages[stage].inputs.indices {
        let edge = stages[stage].inputs[input]
        guard let target = edge.target else { continue }
        let joined = target.value.joined(stages: names, imports: aliases)
        stages[stage].inputs[input] = EdgeSyntax(port: edge.port, target: Located(joined, target.range))
      }
    }
    defaults = defaults?.map { Located($0.value.joined(stages: names, imports: aliases), $0.range) }
    importedDefaults = importedDefaults.map { Located($0.value.joined(stages: names, imports: aliases), $0.range) }
  }
}

/// A file that came in through `use`, one for each time it is imported.
struct ImportedFile: Sendable {
  /// The name before its names, with those of the files between: `cifar`, `models.cifar`.
  let alias: String
  let source: SourceText
  /// Where it is imported.
  let range: SourceRange
  let version: YAMLNode?
  let keys: [String: SourceRange]

  func under(_ outer: ImportedFile) -> ImportedFile {
    ImportedFile(alias: outer.alias + "." + alias, source: source, range: range, version: version, keys: keys)
  }
}

extension CellReference {
  func prefixed(by prefix: String) -> CellReference {
    CellReference(
      stage: stage.prefixed(by: prefix),
      conditions: conditions.map { Condition(axis: $0.axis.prefixed(by: prefix), value: $0.value) }, output: output, range: range)
  }

  /// `cifar.weights` was read as output `weights` of a stage `cifar`; where `cifar` is an import it is a stage.
  package func joined(stages: Set<String>, imports: Set<String>) -> CellReference {
    guard let output, conditions.isEmpty, !stages.contains(stage.value), imports.contains(stage.value) else { return self }
    return CellReference(
      stage: Located("\(stage.value).\(output.value)", stage.range.joined(to: output.range)), conditions: [], output: nil, range: range)
  }
}

extension Expression {
  /// The value with the prefix before every parameter it mentions.
  func prefixed(by prefix: String) -> Expression {
    switch self {
    case .literal: self
    case .reference(let reference): .reference(reference.prefixed(by: prefix))
    case .interpolation(let pieces, let literal):
      .interpolation(
        pieces.map { piece in if case .reference(let reference) = piece { .reference(reference.prefixed(by: prefix)) } else { piece } },
        literal)
    case .list(let items, let range): .list(items.map { $0.prefixed(by: prefix) }, range)
    case .map(let entries, let range): .map(entries.map { MapEntry(key: $0.key, value: $0.value.prefixed(by: prefix)) }, range)
    case .unreadable(let names, let range): .unreadable(names: names.map { prefix + $0 }, range)
    }
  }
}

extension Expression.Reference {
  fileprivate func prefixed(by prefix: String) -> Expression.Reference {
    Expression.Reference(name: name.prefixed(by: prefix), fields: fields, range: range)
  }
}

extension Located<String> {
  fileprivate func prefixed(by prefix: String) -> Located<String> { Located(prefix + value, range) }
}
