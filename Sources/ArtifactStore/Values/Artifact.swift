public import Basics

/// What leaves an output port: named objects in order, and the facts a reader needs before opening them. Its digest is
/// what downstream keys are made of.
public struct Artifact: Sendable, Hashable {
  public struct Part: Sendable, Hashable {
    public let name: String
    public let object: ObjectRef

    public init(name: String, object: ObjectRef) {
      self.name = name
      self.object = object
    }
  }

  /// The port type: "network", "samples", "curve"…
  public let type: String
  public let parts: [Part]
  public let facts: JSONValue

  public init(type: String, parts: [Part], facts: JSONValue) {
    self.type = type
    self.parts = parts
    self.facts = facts
  }

  /// SHA-256 of the canonical encoding of everything above.
  public var digest: Digest {
    CanonicalValue.record([
      "type": .text(type), "parts": .list(parts.map { .list([.text($0.name), $0.object.canonical]) }),
      "facts": .text(String(decoding: facts.encoded(), as: UTF8.self)),
    ]).digest
  }

  /// The object of a part. Throws when there is no part of that name.
  public func part(_ name: String) throws -> ObjectRef {
    guard let part = parts.first(where: { $0.name == name }) else {
      throw PlumbError("a \(type) artifact has no part \"\(name)\"", found: parts.map(\.name).prefix(8).joined(separator: ", "))
    }
    return part.object
  }

  var json: JSONValue {
    [
      "type": .text(type), "facts": facts,
      "parts": .list(parts.map { ["name": .text($0.name), "object": $0.object.json] }),
    ]
  }

  init(json: JSONValue) throws {
    guard let type = json["type"]?.text, let parts = json["parts"]?.list else { throw PlumbError("a manifest names no readable artifact") }
    self.init(
      type: type,
      parts: try parts.map { part in
        guard let name = part["name"]?.text, let object = part["object"] else { throw PlumbError("a manifest names no readable part") }
        return Part(name: name, object: try ObjectRef(json: object))
      }, facts: json["facts"] ?? .null)
  }
}
