import Basics

/// A change of resolution by two through a low-pass filter, the same for every channel: `Conv2d` of EDM's networks
/// (Karras et al. 2022) without its own weight.
package struct FilterResampling: Operation {
  package enum Direction: String, Hashable, Sendable, BitwiseCopyable {
    case up = "filter up"
    case down = "filter down"
  }

  package var direction: Direction
  /// `[1, 1, length, length]`: outer(f, f) / sum(f)^2, a buffer of the checkpoint.
  package var taps: ParameterSpec
  package var padding: Int

  /// Longest filter.
  static let lengthLimit = 64

  /// The padding that gives exactly twice or half the extent.
  static func padding(_ taps: ParameterSpec) -> Int { max((taps.shape.last ?? 0) / 2 - 1, 0) }

  package var length: Int { taps.shape[3] }

  package var name: String { "\(direction.rawValue) \(taps.name)" }
  package var parameters: [ParameterSpec] { [taps] }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let shape = try Operands.one(operands)
    let x = try Operands.image(shape)
    guard taps.shape.count == 4, taps.shape[0] == 1, taps.shape[1] == 1, taps.shape[2] == length, length % 2 == 0,
      (2...Self.lengthLimit).contains(length)
    else {
      throw PlumbError(
        "bad shape of a filter", kind: .input, at: taps.name, expected: "[1, 1, n, n] with an even n up to \(Self.lengthLimit)",
        found: "\(taps.shape)")
    }
    guard (0..<length).contains(padding) else { throw PlumbError("bad padding", kind: .input, found: "\(padding)") }
    func extent(_ n: Int) -> Int {
      direction == .up ? 2 * (n - 1) + length - 2 * padding : n + 2 * padding < length ? 0 : (n + 2 * padding - length) / 2 + 1
    }
    guard extent(x.height) > 0, extent(x.width) > 0 else {
      throw PlumbError("picture is smaller than the filter", kind: .input, found: "\(shape)")
    }
    return .image(height: extent(x.height), width: extent(x.width), channels: x.channels)
  }
}

extension GraphBuilder {
  /// Doubles the resolution: every channel's depthwise transposed convolution by 4 times the taps, with stride 2. `taps` is
  /// `[1, 1, length, length]` with an even length; `[1, 1]` repeats pixels, `[1, 3, 3, 1]` is nearly bilinear (EDM's
  /// `Conv2d`, Karras et al. 2022).
  public mutating func filterUp(_ x: ValueID, taps: ParameterSpec) -> ValueID {
    append(FilterResampling(direction: .up, taps: taps, padding: FilterResampling.padding(taps)), [x])
  }

  /// Halves the resolution: every channel's convolution by `taps`, `[1, 1, length, length]` with an even length, with
  /// stride 2. Without `padding` the one that keeps half the extent, `length / 2 - 1`, is taken.
  public mutating func filterDown(_ x: ValueID, taps: ParameterSpec, padding: Int? = nil) -> ValueID {
    append(FilterResampling(direction: .down, taps: taps, padding: padding ?? FilterResampling.padding(taps)), [x])
  }
}
