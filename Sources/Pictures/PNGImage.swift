import Basics
import CLibPNG

/// An 8-bit grey or RGB image, rows from the top, without padding.
public struct PNGImage: Sendable, Hashable {
  public let width: Int
  public let height: Int
  /// 1 (grey) or 3 (RGB).
  public let channels: Int
  /// `[height, width, channels]`.
  public let pixels: [UInt8]

  /// Throws when the extents are not positive and small enough, or the bytes do not fit them.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) throws {
    guard channels == 1 || channels == 3 else {
      throw PlumbError("an image cannot be written", expected: "1 or 3 channels", found: "\(channels)")
    }
    let limit = 1 << 20
    guard (1...limit).contains(width), (1...limit).contains(height) else {
      throw PlumbError("an image cannot be written", expected: "1 to \(limit) pixels a side", found: "\(width) x \(height)")
    }
    guard pixels.count == width * height * channels else {
      throw PlumbError("pixels do not fit the image", expected: "\(width * height * channels) bytes", found: "\(pixels.count)")
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// The image as a PNG file.
  public func encoded() throws -> [UInt8] {
    var bytes: UnsafeMutablePointer<UInt8>?
    var length = 0
    let failure = Self.message { message in
      plumb_png_encode(pixels, UInt32(width), UInt32(height), Int32(channels), &bytes, &length, message)
    }
    defer { plumb_png_free(bytes) }
    if let failure { throw PlumbError("an image cannot be written: \(failure)") }
    return Array(UnsafeBufferPointer(start: bytes, count: length))
  }

  /// Reads a PNG; palettes and low bit depths are expanded, 16 bits reduced to 8, alpha dropped.
  /// Throws on damage and on images of more than `limit` pixels.
  public init(decoding file: [UInt8], limit: Int = 1 << 26) throws {
    var memory: UnsafeMutablePointer<UInt8>?
    var (width, height): (UInt32, UInt32) = (0, 0)
    var channels: Int32 = 0
    let failure = Self.message { message in
      plumb_png_decode(file, file.count, UInt64(max(limit, 0)), &memory, &width, &height, &channels, message)
    }
    defer { plumb_png_free(memory) }
    if let failure { throw PlumbError("not a readable PNG: \(failure)") }
    let count = Int(width) * Int(height) * Int(channels)
    try self.init(
      width: Int(width), height: Int(height), channels: Int(channels), pixels: Array(UnsafeBufferPointer(start: memory, count: count)))
  }

  /// nil when `call` succeeds, else what libpng said.
  private static func message(_ call: (UnsafeMutablePointer<CChar>?) -> Int32) -> String? {
    var text = [CChar](repeating: 0, count: Int(PLUMB_PNG_MESSAGE_SIZE))
    let status = text.withUnsafeMutableBufferPointer { call($0.baseAddress) }
    guard status != 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
