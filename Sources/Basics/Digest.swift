import Crypto
import Foundation

/// A SHA-256 content digest: the identity of every object, result and key.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// 32 bytes, in the order SHA-256 prints them.
  public let bytes: [UInt8]

  public init(of data: some DataProtocol) {
    bytes = Array(SHA256.hash(data: data))
  }

  public init(of text: String) {
    self.init(of: Array(text.utf8))
  }

  /// Reads 64 hexadecimal digits; nil when `hex` is anything else.
  public init?(hex: some StringProtocol) {
    let digits = Array(hex.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for pair in stride(from: 0, to: 64, by: 2) {
      guard let high = Self.nibble(digits[pair]), let low = Self.nibble(digits[pair + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  fileprivate init(finished: SHA256.Digest) {
    bytes = Array(finished)
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The first 12 hexadecimal digits, for people.
  public var short: String { String(hex.prefix(12)) }

  public var description: String { hex }

  public static func < (left: Digest, right: Digest) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  private static func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

/// Computes a `Digest` from pieces, without holding them.
public struct Digester: ~Copyable {
  private var hash = SHA256()

  public init() {}

  public mutating func update(_ piece: some DataProtocol) {
    hash.update(data: piece)
  }

  public mutating func update(_ piece: UnsafeRawBufferPointer) {
    hash.update(bufferPointer: piece)
  }

  public consuming func finish() -> Digest {
    Digest(finished: hash.finalize())
  }
}
