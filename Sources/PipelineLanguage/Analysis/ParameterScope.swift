import OrderedCollections
import StageSchema

/// The parameters of a pipeline and what references to them mean.
struct ParameterScope: Sendable {
  /// Longest chain of parameters that refer to one another.
  static let depthLimit = 100
  /// Most characters and values one parameter may stand for once references are followed.
  static let weightLimit = 1 << 20

  let parameters: OrderedDictionary<String, ParameterSyntax>
  private(set) var axes: [Axis] = []
  private(set) var axisIndices: [String: Int] = [:]
  private(set) var cycles: [[String]] = []
  /// Those whose value cannot be told: in a circle, or grown beyond the limits.
  private(set) var unresolvable: Set<String> = []
  /// Those beyond the limits.
  private(set) var oversized: [String] = []
  private var mentioned: [String: Set<Int>] = [:]

  init(_ declared: [ParameterSyntax]) {
    parameters = OrderedDictionary(declared.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let names = parameters.keys
    let dependencies = parameters.values.map { parameter in
      OrderedSet(parameter.values.flatMap(\.references).compactMap { names.firstIndex(of: $0.name.value) }).elements
    }
    let graph = DependencyOrder(dependencies)
    cycles = graph.cycles.map { $0.map { names[$0] } }
    unresolvable = Set(graph.blocked.map { names[$0] })
    for (index, parameter) in parameters.values.enumerated() where parameter.isAxis {
      axisIndices[parameter.name] = axisIndices.count
      mentioned[names[index], default: []].insert(axisIndices.count - 1)
    }
    measure(in: graph.order)
    for index in graph.order where !unresolvable.contains(names[index]) {
      let own = mentioned[names[index], default: []]
      mentioned[names[index]] = dependencies[index].reduce(into: own) { $0.formUnion(mentioned[names[$1], default: []]) }
    }
    axes = parameters.values.filter(\.isAxis).map { parameter in
      Axis(name: parameter.name, range: parameter.range, values: parameter.values.map { (coreValue($0), $0.range) })
    }
    for parameter in parameters.values where !parameter.isAxis {
      guard let axis = axisMeant(by: parameter) else { continue }
      axisIndices[parameter.name] = axis
      axes[axis].aliases.append(parameter.name)
    }
  }

  /// The axis that a parameter is another name of: its value is a reference to the axis, or to such a parameter.
  private func axisMeant(by parameter: ParameterSyntax) -> Int? {
    var parameter = parameter
    for _ in 0..<Self.depthLimit {
      if parameter.isAxis { return axisIndices[parameter.name] }
      guard parameter.values.count == 1, case .reference(let reference)? = parameter.values.first, reference.fields.isEmpty,
        let next = parameters[reference.name.value]
      else { return nil }
      parameter = next
    }
    return nil
  }

  /// The axes a value mentions, through other parameters too.
  func axes(of expression: Expression) -> Set<Int> {
    expression.references.reduce(into: []) { $0.formUnion(mentioned[$1.name.value, default: []]) }
  }

  /// Whether every name the value mentions is a parameter whose value can be told.
  func isResolvable(_ expression: Expression) -> Bool {
    var open = expression.mentions
    var seen: Set<String> = []
    while let name = open.popLast() {
      guard seen.insert(name).inserted else { continue }
      guard let parameter = parameters[name], !unresolvable.contains(name) else { return false }
      open += parameter.values.flatMap(\.mentions)
    }
    return true
  }

  /// The value for one choice along the axes, or nil when a reference leads nowhere. Fields that a parameter does not
  /// have are noted; unknown parameters and circles are other rules' business.
  func resolve(_ expression: Expression, at choice: [Int: Int], notes: inout [Diagnostic]) -> ResolvedValue? {
    switch expression {
    case .literal(let literal): return .scalar(literal.text, isPlain: literal.isPlain, literal.range)
    case .unreadable: return nil
    case .reference(let reference): return resolve(reference, at: choice, notes: &notes)
    case .interpolation(let pieces, let literal):
      var text = ""
      // A path is relative to where its first words stand.
      var range: SourceRange?
      for piece in pieces {
        switch piece {
        case .text(let part):
          text += part
          range = range ?? literal.range
        case .reference(let reference):
          guard let value = resolve(reference, at: choice, notes: &notes) else { return nil }
          guard case .scalar(let part, _, let place) = value else {
            let name = reference.name.value
            notes.append(
              Diagnostic(
                .notText, "'\(name)' is \(value.kindName), which cannot be put into a text", at: reference.range,
                related: [.init("'\(name)' is given here", at: value.range)]))
            return nil
          }
          text += part
          if range == nil, !part.isEmpty { range = place.source === literal.range.source ? literal.range : place }
        }
      }
      return .scalar(text, isPlain: literal.isPlain, range ?? literal.range)
    case .list(let items, let range):
      let values = items.map { resolve($0, at: choice, notes: &notes) }
      let found = values.compactMap { $0 }
      return found.count == values.count ? .list(found, range) : nil
    case .map(let entries, let range):
      var found: [ResolvedValue.Entry] = []
      var isComplete = true
      for entry in entries {
        if let value = resolve(entry.value, at: choice, notes: &notes) {
          found.append(ResolvedValue.Entry(key: entry.key, value: value))
        } else {
          isComplete = false
        }
      }
      return isComplete ? .map(found, range) : nil
    }
  }

  private func resolve(_ reference: Expression.Reference, at choice: [Int: Int], notes: inout [Diagnostic]) -> ResolvedValue? {
    let name = reference.name.value
    guard let parameter = parameters[name], !unresolvable.contains(name) else { return nil }
    let index = parameter.isAxis ? axisIndices[name].map { choice[$0] ?? 0 } ?? 0 : 0
    guard parameter.values.indices.contains(index) else { return nil }
    guard var value = resolve(parameter.values[index], at: choice, notes: &notes) else { return nil }
    var path = name
    for field in reference.fields {
      guard case .map(let entries, _) = value else {
        notes.append(
          Diagnostic(
            .unknownParameterField, "'\(path)' is \(value.kindName) and has no field '\(field.value)'", at: field.range,
            related: [.init("'\(path)' is given here", at: value.range)],
            help: "to end the name before the dot, write $(\(path))"))
        return nil
      }
      guard let entry = entries.first(where: { $0.key.value == field.value }) else {
        let names = entries.map(\.key.value)
        let suggestion = NearestName.of(field.value, among: names)
        notes.append(
          Diagnostic(
            .unknownParameterField, "'\(path)' has no field '\(field.value)'", at: field.range,
            related: [.init("'\(path)' is given here", at: value.range)], suggestion: suggestion,
            help: suggestion == nil ? NearestName.listing(names) : nil))
        return nil
      }
      value = entry.value
      path += ".\(field.value)"
    }
    return value
  }

  /// A value by its own looks; one that depends on another axis is named by how it is written.
  private func coreValue(_ expression: Expression) -> ParameterValue {
    var notes: [Diagnostic] = []
    guard axes(of: expression).isEmpty, let value = resolve(expression, at: [:], notes: &notes) else { return .text(expression.range.text) }
    return value.core
  }

  /// Marks what would be too deep or too large to follow: `a: $b$b, b: $c$c…` doubles at every step.
  private mutating func measure(in order: [Int]) {
    var weights: [String: (size: Int, depth: Int)] = [:]
    for index in order {
      let parameter = parameters.values[index]
      guard !unresolvable.contains(parameter.name) else { continue }
      var size = 0
      var depth = 0
      for expression in parameter.values {
        size = max(size, Self.size(expression))
        var total = Self.size(expression)
        for reference in expression.references {
          guard !unresolvable.contains(reference.name.value) else {
            depth = Self.depthLimit
            continue
          }
          let weight = weights[reference.name.value] ?? (0, 0)
          total = min(total + weight.size, Self.weightLimit + 1)
          depth = max(depth, weight.depth)
        }
        size = max(size, total)
      }
      weights[parameter.name] = (size, depth + 1)
      if size > Self.weightLimit || depth + 1 > Self.depthLimit {
        unresolvable.insert(parameter.name)
        if !parameter.values.flatMap(\.references).contains(where: { unresolvable.contains($0.name.value) }) {
          oversized.append(parameter.name)
        }
      }
    }
  }

  private static func size(_ expression: Expression) -> Int {
    switch expression {
    case .literal(let literal): literal.text.utf8.count + 1
    case .reference, .unreadable: 1
    case .interpolation(_, let literal): literal.text.utf8.count + 1
    case .list(let items, _): items.reduce(1) { $0 + size($1) }
    case .map(let entries, _): entries.reduce(1) { $0 + $1.key.value.utf8.count + size($1.value) }
    }
  }
}
