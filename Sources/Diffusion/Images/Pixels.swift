import Basics

/// How a model's number in [-1, 1] becomes a byte. All truncate; NaN becomes 0.
public enum PixelRule: String, Sendable, Hashable, CaseIterable {
  /// (x + 1) · 127.5, clamped to 0…255: guided-diffusion, and LDM's arrays (`custom_to_np`).
  case scaled
  /// x clamped to [-1, 1], (x + 1) / 2, times 255: LDM's pictures (`custom_to_pil`).
  case halved
  /// clamp((x + 1) / 2, 0, 1) · 255 + 0.5: ermongroup/ddim and torchvision's `save_image`, which round.
  case rounded
  /// 127.5 x + 128, clamped to 0…255: DiT and EDM; half a level brighter than the others.
  case centred

  /// The byte of a number.
  public func byte(_ value: Float) -> UInt8 {
    let level =
      switch self {
      case .scaled: (value + 1) * 127.5
      case .halved: (min(max(value, -1), 1) + 1) / 2 * 255
      case .rounded: min(max((value + 1) / 2, 0), 1) * 255 + 0.5
      case .centred: 127.5 * value + 128
      }
    return level > 0 ? UInt8(min(level, 255)) : 0
  }
}

/// Bytes and model range [-1, 1], as guided-diffusion converts them.
public enum Pixels {
  /// byte / 127.5 - 1.
  public static func model(_ byte: UInt8) -> Float { Float(byte) / 127.5 - 1 }

  /// (x + 1) · 127.5, clamped to 0…255 and truncated; 0 for NaN. A real image does not survive the round trip exactly.
  public static func byte(_ value: Float) -> UInt8 { PixelRule.scaled.byte(value) }

  /// Bytes of images [N, C, H, W] with the channels last, [N, H, W, C].
  public static func channelsLast(
    _ images: UnsafeBufferPointer<Float>, channels: Int, height: Int, width: Int, rule: PixelRule = .scaled
  ) throws -> [UInt8] {
    let area = height * width
    guard channels > 0, area > 0, images.count % (channels * area) == 0 else {
      throw PlumbError("pixels do not fit images of \(channels)×\(height)×\(width)", found: "\(images.count) values")
    }
    return [UInt8](unsafeUninitializedCapacity: images.count) { bytes, filled in
      for start in stride(from: 0, to: images.count, by: channels * area) {
        for channel in 0..<channels {
          for pixel in 0..<area { bytes[start + pixel * channels + channel] = rule.byte(images[start + channel * area + pixel]) }
        }
      }
      filled = images.count
    }
  }
}
