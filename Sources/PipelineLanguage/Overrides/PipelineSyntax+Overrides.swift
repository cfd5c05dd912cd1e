import StageSchema

extension PipelineSyntax {
  /// Sets what a parameter file or the flags of the command line set; what names nothing is noted there. Each call is one
  /// layer: within it a name may be set once, and what it sets wins over earlier layers.
  mutating func apply(_ overrides: [Override], catalogue: StageCatalogue) -> [Diagnostic] {
    var notes: [Diagnostic] = []
    var seen: [String: SourceRange] = [:]
    for override in overrides {
      if let earlier = seen.updateValue(override.range, forKey: override.name) {
        notes.append(
          Diagnostic(
            .repeatedOverride, "'\(override.name)' is set twice", at: override.range, related: [.init("first set here", at: earlier)],
            help: "several values make an axis: --set \(override.name)=1,2"))
        continue
      }
      if let (index, rest) = named(by: override, among: parameters.map { $0.isSynthetic ? "" : $0.name }) {
        notes += setParameter(index, override, field: rest)
      } else if let (index, rest) = named(by: override, among: stages.map(\.name.value)), rest.count > 1, rest.first?.value == "with" {
        notes += setField(of: index, override, path: rest.dropFirst())
      } else {
        notes.append(unknown(override, catalogue: catalogue))
      }
    }
    return notes
  }

  /// Which of the names the override begins with, and what follows it. Names of imported files have dots in them.
  private func named(by override: Override, among names: [String]) -> (index: Int, rest: ArraySlice<Located<String>>)? {
    for count in 1...max(override.path.count, 1) {
      let head = override.path.prefix(count).map(\.value).joined(separator: ".")
      if let index = names.firstIndex(of: head) { return (index, override.path.dropFirst(count)) }
    }
    return nil
  }

  private mutating func setParameter(_ index: Int, _ override: Override, field: ArraySlice<Located<String>>) -> [Diagnostic] {
    let parameter = parameters[index]
    var values = override.values
    var isAxis = override.isAxis
    if !field.isEmpty {
      // That field takes the new values, the others keep theirs: a product, each combination once.
      values = []
      var seen: Set<String> = []
      for old in parameter.values {
        for new in override.values {
          guard let value = old.setting(field, to: new) else {
            return [notAMapping(override, old)]
          }
          if seen.insert(value.fingerprint).inserted { values.append(value) }
        }
      }
      isAxis = override.isAxis || parameter.isAxis
    }
    parameters[index] = ParameterSyntax(name: parameter.name, range: override.range, isAxis: isAxis, values: values)
    replacedReferences += parameter.values.flatMap(\.mentions)
    return []
  }

  private mutating func setField(of index: Int, _ override: Override, path: ArraySlice<Located<String>>) -> [Diagnostic] {
    guard let key = path.first else { return [] }
    var value: Expression
    let name = ([stages[index].name.value] + path.map(\.value)).joined(separator: ".")
    parameters.removeAll { $0.isSynthetic && $0.name == name }
    if override.isAxis {
      parameters.append(ParameterSyntax(name: name, range: override.range, isAxis: true, values: override.values, isSynthetic: true))
      value = .reference(Expression.Reference(name: Located(name, override.range), fields: [], range: override.range))
    } else if let only = override.values.first {
      value = only
    } else {
      return []
    }
    if let position = stages[index].fields.firstIndex(where: { $0.key.value == key.value }) {
      let old = stages[index].fields[position].value
      guard let new = old.setting(path.dropFirst(), to: value) else { return [notAMapping(override, old)] }
      replacedReferences += old.mentions
      for parameter in Set(old.mentions).subtracting(new.mentions).sorted() {
        replacements.append(ReplacedReference(field: override.name, parameter: parameter, range: override.range))
      }
      value = new
      stages[index].fields[position] = Expression.MapEntry(key: Located(key.value, key.range), value: value)
    } else {
      let empty = Expression.map([], override.range)
      value = empty.setting(path.dropFirst(), to: value) ?? value
      stages[index].fields.append(Expression.MapEntry(key: key, value: value))
    }
    return []
  }

  private func notAMapping(_ override: Override, _ old: Expression) -> Diagnostic {
    var note = Diagnostic(
      .unknownOverride, "'\(override.name)' cannot be set: what holds it is not a mapping", at: override.range,
      related: [.init("it is given here", at: old.range)])
    if case .reference(let reference) = old, let field = override.path.last {
      note.help = "it comes from a parameter: --set \(reference.name.value).\(field.value)=VALUE"
    }
    return note
  }

  private func unknown(_ override: Override, catalogue: StageCatalogue) -> Diagnostic {
    let names = parameters.filter { !$0.isSynthetic }.map(\.name)
    let fields = stages.flatMap { stage in
      (stage.uses.flatMap { catalogue[$0.value] }?.parameters ?? []).map { "\(stage.name.value).with.\($0.name)" }
    }
    var note = Diagnostic(.unknownOverride, "nothing that can be set is called '\(override.name)'", at: override.range)
    if override.path.count == 1 {
      note.suggestion = NearestName.of(override.name, among: names)
    } else if stages.contains(where: { $0.name.value == override.path[0].value }) {
      note.suggestion = NearestName.of(override.name, among: fields)
      if note.suggestion == nil { note.help = "a field of a stage is set with --set \(override.path[0].value).with.FIELD=VALUE" }
    } else {
      let rest = override.path.dropFirst().map(\.value).joined(separator: ".")
      let heads = names + stages.map(\.name.value)
      note.suggestion = NearestName.of(override.path[0].value, among: heads).map { "\($0).\(rest)" }
    }
    if note.suggestion == nil, note.help == nil { note.help = NearestName.listing(names) }
    return note
  }
}

extension Expression {
  /// The value with a field in it replaced or added; nil when a step of the path does not lead into a mapping.
  func setting(_ path: ArraySlice<Located<String>>, to value: Expression) -> Expression? {
    guard let key = path.first else { return value }
    guard case .map(var entries, let range) = self else { return nil }
    let index = entries.firstIndex { $0.key.value == key.value }
    let inner = index.map { entries[$0].value } ?? .map([], key.range)
    guard let new = inner.setting(path.dropFirst(), to: value) else { return nil }
    let entry = MapEntry(key: key, value: new)
    if let index { entries[index] = entry } else { entries.append(entry) }
    return .map(entries, range)
  }

  /// Equal for values that are written alike, whatever the order of their keys and the form of their numbers.
  var fingerprint: String {
    switch self {
    case .literal(let literal): Label.of(CoreSchema.value(literal.text, isPlain: literal.isPlain))
    case .reference(let reference): "$" + ([reference.name] + reference.fields).map(\.value).joined(separator: ".")
    case .interpolation(_, let literal): "$(" + literal.text + ")"
    case .unreadable(_, let range): "$?" + range.text
    case .list(let items, _): "[" + items.map(\.fingerprint).joined(separator: ",") + "]"
    case .map(let entries, _):
      "{" + entries.map { "\(Label.quoted($0.key.value)): \($0.value.fingerprint)" }.sorted().joined(separator: ", ") + "}"
    }
  }
}
