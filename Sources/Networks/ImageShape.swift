import Basics

/// The pictures a network takes: channels, rows, columns, in PyTorch's order.
public struct ImageShape: Hashable, Sendable {
  public let channels: Int
  public let height: Int
  public let width: Int

  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// Square pictures.
  init(channels: Int, side: Int) { self.init(channels: channels, height: side, width: side) }

  /// A picture whose extents come from a file or a pipeline. Throws unless they are positive and have at most
  /// `countLimit` values together.
  public init(checking channels: Int, height: Int, width: Int) throws {
    var count = 1
    for extent in [channels, height, width] {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow, product <= Self.countLimit else {
        throw PlumbError(
          "these cannot be the extents of a picture", kind: .input, expected: "at most \(Self.countLimit) values",
          found: "\(channels)x\(height)x\(width)")
      }
      count = product
    }
    self.init(channels: channels, height: height, width: width)
  }

  /// Most values of one picture: what a graph of the engine takes.
  public static let countLimit = 1 << 28
  /// Most values of a set of pictures, 256 TiB of bytes: figures that are made of it (bytes, twice the bytes) fit an Int.
  public static let setLimit = 1 << 48

  /// Throws when `pictures` of them would have more than `setLimit` values.
  public func checkSet(of pictures: Int) throws {
    let (values, overflow) = pictures.multipliedReportingOverflow(by: count)
    guard pictures >= 0, !overflow, values <= Self.setLimit else {
      throw PlumbError(
        "a set of pictures is larger than any that can be kept", kind: .input, expected: "at most \(Self.setLimit) values",
        found: "\(pictures) pictures of \(self)")
    }
  }

  /// Numbers of one picture.
  public var count: Int { channels * height * width }
}

extension ImageShape: CustomStringConvertible {
  public var description: String { "\(channels)x\(height)x\(width)" }
}
