import CLibCrypto
public import Foundation

/// A SHA-256 content digest: the identity of every object, result and key.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// 32 bytes, in the order SHA-256 prints them.
  public let bytes: [UInt8]

  public init(of data: some DataProtocol) {
    var digester = Digester()
    digester.update(data)
    self = digester.finish()
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

  fileprivate init(finished bytes: [UInt8]) {
    self.bytes = bytes
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

/// Computes a `Digest` from pieces, without holding them. OpenSSL's libcrypto does the arithmetic: it has the instructions
/// of every processor for it, and comes with the system.
public struct Digester: ~Copyable {
  private let context: OpaquePointer

  public init() {
    // Both fail only when there is no memory for some hundred bytes or the library has no SHA-256: nothing here could go on.
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto gives no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  public mutating func update(_ piece: some DataProtocol) {
    for region in piece.regions { region.withUnsafeBytes { update($0) } }
  }

  public mutating func update(_ piece: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(context, piece.baseAddress, piece.count)
  }

  public consuming func finish() -> Digest {
    let bytes = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
      count = 32
    }
    return Digest(finished: bytes)
  }
}
