package import Basics

/// What decided a cell, apart from its inputs, as records and locks keep it.
package struct RecordedIdentity: Sendable, Hashable {
  /// The kind of stage.
  package var stage: String
  package var version: Int
  /// Versions of the network, the sampler and the engine.
  package var uses: [String: Int]
  /// Identity parameters by field.
  package var with: [String: JSONValue]
  /// Content digests of outside files by field.
  package var files: [String: Digest]
  /// The extent parameters: `samples`, `first`.
  package var extent: [String: JSONValue]

  package init(
    stage: String, version: Int, uses: [String: Int], with: [String: JSONValue], files: [String: Digest], extent: [String: JSONValue]
  ) {
    self.stage = stage
    self.version = version
    self.uses = uses
    self.with = with
    self.files = files
    self.extent = extent
  }

  /// Every field it holds, the extent among them.
  package var parameters: [String: JSONValue] { with.merging(extent) { $1 } }

  private enum Key: String {
    case stage, version, uses, with, files, extent
  }

  package var json: JSONValue {
    JSONValue(fields: [
      Key.stage: .text(stage), .version: JSONValue(version), .uses: .object(uses.mapValues { JSONValue($0) }), .with: .object(with),
      .files: .object(files.mapValues { .text($0.hex) }), .extent: .object(extent),
    ])
  }

  package init(json: JSONValue) throws {
    let fields = try Fields<Key>(json, of: "what decided a cell")
    stage = try fields.optionalText(.stage) ?? "?"
    version = try fields.optionalInteger(.version) ?? 0
    uses = (try fields.optionalObject(.uses) ?? [:]).compactMapValues(\.integer)
    with = try fields.optionalObject(.with) ?? [:]
    files = try fields.digests(.files)
    extent = try fields.optionalObject(.extent) ?? [:]
  }
}

extension RecordedIdentity {
  /// A part of an identity.
  package enum Part: Sendable, Hashable {
    case stage, version
    case uses(String)
    /// By the path of the field below `with`.
    case parameter([String])
    case file(String)
  }

  /// A part that differs between two identities; null for what one of them lacks.
  package struct Difference: Sendable, Hashable {
    package let part: Part
    package let before: JSONValue
    package let now: JSONValue
  }

  /// Where it differs from an earlier one, down to the single values, in a fixed order.
  package func differences(from earlier: RecordedIdentity) -> [Difference] {
    guard self != earlier else { return [] }
    var found = Self.parameters(earlier.extent, extent)
    for name in Set(earlier.files.keys).union(files.keys).sorted() where earlier.files[name] != files[name] {
      func text(_ digest: Digest?) -> JSONValue { digest.map { .text($0.hex) } ?? .null }
      found.append(Difference(part: .file(name), before: text(earlier.files[name]), now: text(files[name])))
    }
    if stage != earlier.stage { found.append(Difference(part: .stage, before: .text(earlier.stage), now: .text(stage))) }
    for name in Set(earlier.uses.keys).union(uses.keys).sorted() where earlier.uses[name] != uses[name] {
      func version(_ number: Int?) -> JSONValue { number.map { JSONValue($0) } ?? .null }
      found.append(Difference(part: .uses(name), before: version(earlier.uses[name]), now: version(uses[name])))
    }
    if version != earlier.version {
      found.append(Difference(part: .version, before: JSONValue(earlier.version), now: JSONValue(version)))
    }
    return found + Self.parameters(earlier.with, with)
  }

  private static func parameters(_ before: [String: JSONValue], _ now: [String: JSONValue]) -> [Difference] {
    JSONValue.object(now).leaves(differingFrom: .object(before)).map {
      Difference(part: .parameter($0.path), before: $0.before, now: $0.now)
    }
  }
}

extension JSONValue {
  /// The paths of object fields at which this value differs from another, with both values; null for none.
  package func leaves(differingFrom before: JSONValue, at path: [String] = []) -> [(path: [String], before: JSONValue, now: JSONValue)] {
    guard self != before else { return [] }
    guard case .object(let nowFields) = self, case .object(let beforeFields) = before else { return [(path, before, self)] }
    return Set(nowFields.keys).union(beforeFields.keys).sorted().flatMap { name in
      (nowFields[name] ?? .null).leaves(differingFrom: beforeFields[name] ?? .null, at: path + [name])
    }
  }
}
