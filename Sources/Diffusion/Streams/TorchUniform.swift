/// A floating-point type that PyTorch's CPU generator draws in: how many random bits a uniform of it takes.
public protocol TorchUniform: BinaryFloatingPoint & Sendable {
  /// 32-bit words a uniform takes.
  static var wordsPerUniform: Int { get }
  /// A uniform in [0, 1).
  static func uniform(_ words: inout MersenneTwister) -> Self
}

extension Float: TorchUniform {
  public static let wordsPerUniform = 1
  /// 24 bits of one word.
  public static func uniform(_ words: inout MersenneTwister) -> Float { Float(words.next() & 0xff_ffff) * 0x1p-24 }
}

extension Double: TorchUniform {
  public static let wordsPerUniform = 2
  /// 53 bits of two words, the first of which is the high half.
  public static func uniform(_ words: inout MersenneTwister) -> Double {
    Double(words.nextPair() & 0x1f_ffff_ffff_ffff) * 0x1p-53
  }
}

extension MersenneTwister {
  /// The next two words as one of 64 bits, the first being the high half.
  mutating func nextPair() -> UInt64 {
    let high = UInt64(next())
    return high << 32 | UInt64(next())
  }
}
