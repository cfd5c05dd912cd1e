public import Basics
import Checkpoints

/// What a checkpoint tells of the network in it.
public struct Recognition: Sendable, Hashable {
  /// Arguments of the constructor that names, shapes or plain values of the file tell.
  public var configuration: [String: JSONValue]
  /// Arguments nothing in the file tells; a configuration must give them.
  public var undetermined: [UndeterminedArgument]
  /// What the file tells of the noise process the network was trained on, under the names of a `process` record.
  public var process: [String: JSONValue]

  public init(
    configuration: [String: JSONValue], undetermined: [UndeterminedArgument] = [], process: [String: JSONValue] = [:]
  ) {
    self.configuration = configuration
    self.undetermined = undetermined
    self.process = process
  }

  /// The configuration with the arguments of `given` in place of those recognised. Throws one error that lists every
  /// argument that neither tells.
  public func completed(by given: [String: JSONValue]) throws -> JSONValue {
    let missing = undetermined.filter { given[$0.name] == nil }
    guard missing.isEmpty else {
      throw PlumbError(
        "the checkpoint does not tell \(missing.count == 1 ? "an argument" : "\(missing.count) arguments") of its network", kind: .input,
        at: missing[0].name, expected: missing.map(\.description).joined(separator: "; "))
    }
    return .object(configuration.merging(given) { $1 })
  }
}

/// An argument of a network that is in no name and no shape of its checkpoint.
public struct UndeterminedArgument: Sendable, Hashable, CustomStringConvertible {
  public let name: String
  /// What it means, in a few words.
  public let doc: String
  /// The values that are usual or that the shapes allow; empty when any may be right.
  public let candidates: [JSONValue]

  public init(name: String, doc: String, candidates: [JSONValue] = []) {
    self.name = name
    self.doc = doc
    self.candidates = candidates
  }

  public var description: String { "\(name) (\(meaning))" }

  /// What it means, and the values that are likely.
  public var meaning: String {
    let values = candidates.map { String(decoding: $0.encoded(), as: UTF8.self) }.joined(separator: " or ")
    return doc + (values.isEmpty ? "" : ": \(values)")
  }
}
