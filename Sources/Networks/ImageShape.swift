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

  /// Numbers of one picture.
  public var count: Int { channels * height * width }
}

extension ImageShape: CustomStringConvertible {
  public var description: String { "\(channels)x\(height)x\(width)" }
}
