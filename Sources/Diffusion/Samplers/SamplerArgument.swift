package import Basics

/// An argument of samplers, declared once for all that take it.
package struct SamplerArgument: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case flag
    case number(ClosedRange<Double>)
    case choice([String])
  }

  package let name: String
  /// The mapping of a pipeline it stands in; nil for a field of its own.
  package let group: String?
  package let kind: Kind
  package let doc: String
  /// What it is where it is left out; `null` where that is nothing, or depends on what else is given.
  package let usual: JSONValue
  /// Whether keys hold its usual value also where a sampler does not take it. Only for arguments that were in every key before
  /// samplers declared theirs; others have no place in the keys of samplers that know nothing of them.
  package let isInEveryKey: Bool

  package init(
    _ name: String, in group: String? = nil, _ kind: Kind, usual: JSONValue = .null, isInEveryKey: Bool = false, doc: String
  ) {
    self.name = name
    self.group = group
    self.kind = kind
    self.usual = usual
    self.isInEveryKey = isInEveryKey
    self.doc = doc
  }

  /// Where it stands below `with`.
  package var path: [String] { (group.map { [$0] } ?? []) + [name] }
}

/// The arguments given to a sampler, by name; of the kinds they are declared with.
package struct SamplerArguments: Sendable, Hashable {
  private var values: [String: JSONValue]

  /// What is `null` counts as not given.
  package init(_ values: [String: JSONValue] = [:]) { self.values = values.filter { $0.value != .null } }

  package func isGiven(_ argument: SamplerArgument) -> Bool { values[argument.name] != nil }
  package func number(_ argument: SamplerArgument) -> Double? { values[argument.name]?.double }
  package func word(_ argument: SamplerArgument) -> String? { values[argument.name]?.text }
  package func flag(_ argument: SamplerArgument) -> Bool? { values[argument.name]?.bool }

  package subscript(argument: SamplerArgument) -> JSONValue? {
    get { values[argument.name] }
    set { values[argument.name] = newValue }
  }
}
