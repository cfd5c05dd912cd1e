import Basics
import Checkpoints

/// Where a file keeps one of EDM's networks: in the module pickled under "ema" (or "net", PFGM++'s raw weights), or bare, as
/// files converted by others have it.
struct EDMCheckpoint {
  /// A parameter that all networks of this kind have, and few others.
  static let landmark = "map_layer0.weight"

  /// What stands before the names of the inner network: "ema/model.", or nothing.
  let prefix: String
  /// Name and shape of the inner network's tensors, without the prefix.
  let shapes: CheckpointShapes
  /// Attributes of the inner network; nil when the file has none.
  let network: JSONValue?
  /// Attributes of the preconditioner around it.
  let wrapper: JSONValue?
  /// iDDPM's noise levels, a buffer of the preconditioner.
  let levels: [Float]?

  /// Nil when there is no such network. Throws when there is, but not the choice that is asked for.
  init?(_ source: any TensorSource, choice: WeightChoice) throws {
    let prefixes = source.prefixes(before: Self.landmark)
    guard !prefixes.isEmpty else { return nil }
    let prefix = try Self.choose(prefixes, choice)
    let inner = source.under(prefix)
    self.prefix = prefix
    shapes = CheckpointShapes(inner)
    network = Self.module(inner.attributes)
    let outer = Self.outer(prefix)
    wrapper = outer.flatMap { Self.module(source.under($0).attributes) }
    let table = outer.flatMap { source.entry("\($0)u") }
    levels = try table.flatMap { $0.shape.count == 1 ? try source.read($0.name).floats() : nil }
  }

  /// Throws where there is no set of this choice, or more than one.
  private static func choose(_ prefixes: [String], _ choice: WeightChoice) throws -> String {
    let averaged = prefixes.filter { $0.hasPrefix("ema/") || $0.hasPrefix("ema.") }
    let trained = prefixes.filter { $0.hasPrefix("net/") || $0.hasPrefix("net.") }
    let rest = prefixes.filter { !averaged.contains($0) && !trained.contains($0) }
    let prefix = try WeightSets(averaged: averaged.first, trained: trained.first, unnamed: rest.first).prefix(choice)
    guard [averaged, trained, rest].allSatisfy({ $0.count == 1 || !$0.contains(prefix) }) else {
      throw PlumbError(
        "the file holds several networks", kind: .input, expected: "one, under \"ema\" or \"net\"",
        found: prefixes.map { "\"\($0)\"" }.joined(separator: ", "))
    }
    return prefix
  }

  /// The prefix of the preconditioner: "ema/" for "ema/model."; nil where the network stands by itself.
  private static func outer(_ prefix: String) -> String? {
    prefix.hasSuffix("model.") ? String(prefix.dropLast("model.".count)) : nil
  }

  private static func module(_ attributes: JSONValue) -> JSONValue? { attributes["class_name"]?.text == nil ? nil : attributes }

  /// The tensors under the graph's names. The augmentation's weight is left out where the graph does not use it.
  func tensors(of source: any TensorSource, isAugmented: Bool) throws -> any TensorSource {
    let names = source.entries.map(\.name).filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    return try RenamedTensors(
      source, names.filter { isAugmented || $0 != "map_augment.weight" }.map { (name: $0, of: prefix + $0, shape: nil) })
  }
}
