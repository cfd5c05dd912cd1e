public import Basics

/// An object of the store: its content's digest and length.
public struct ObjectRef: Sendable, Hashable {
  public let digest: Digest
  public let length: Int

  public init(digest: Digest, length: Int) {
    self.digest = digest
    self.length = length
  }

  var canonical: CanonicalValue { .list([.digest(digest), .integer(Int64(length))]) }
  var json: JSONValue { ["sha256": .text(digest.hex), "length": JSONValue(length)] }

  init(json: JSONValue) throws {
    guard let digest = json["sha256"]?.text.flatMap({ Digest(hex: $0) }), let length = json["length"]?.integer, length >= 0 else {
      throw PlumbError("a manifest names no readable object", found: String(decoding: json.encoded(), as: UTF8.self))
    }
    self.init(digest: digest, length: length)
  }
}
