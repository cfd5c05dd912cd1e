/// The one encoding keys are hashed from: type-tagged, length-prefixed, fields sorted by name, floats by their exact
/// bits. Two values encode alike exactly when they mean the same; nothing depends on a locale, a dictionary's order or
/// a text form of a number.
public struct CanonicalEncoder: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func encode(_ value: CanonicalValue) {
    switch value {
    case .null:
      bytes.append(0)
    case .bool(let flag):
      bytes.append(contentsOf: [1, flag ? 1 : 0])
    case .integer(let number):
      bytes.append(2)
      appendFixed(UInt64(bitPattern: number))
    case .number(let number):
      bytes.append(3)
      // One zero: -0.0 and 0.0 are the same parameter value.
      appendFixed((number == 0 ? 0.0 : number).bitPattern)
    case .text(let text):
      bytes.append(4)
      appendCounted(Array(text.utf8))
    case .digest(let digest):
      bytes.append(5)
      bytes.append(contentsOf: digest.bytes)
    case .list(let items):
      bytes.append(6)
      appendFixed(UInt64(items.count))
      for item in items { encode(item) }
    case .record(let fields):
      bytes.append(7)
      appendFixed(UInt64(fields.count))
      for (name, field) in fields.sorted(by: { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }) {
        appendCounted(Array(name.utf8))
        encode(field)
      }
    }
  }

  private mutating func appendFixed(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func appendCounted(_ text: [UInt8]) {
    appendFixed(UInt64(text.count))
    bytes.append(contentsOf: text)
  }
}

/// A value with exactly one canonical encoding.
public indirect enum CanonicalValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case digest(Digest)
  case list([CanonicalValue])
  case record([String: CanonicalValue])

  /// SHA-256 of the canonical encoding.
  public var digest: Digest {
    var encoder = CanonicalEncoder()
    encoder.encode(self)
    return Digest(of: encoder.bytes)
  }
}
