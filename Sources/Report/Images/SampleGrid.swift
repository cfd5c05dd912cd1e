import Basics
package import Pictures

/// The first images of a cell on a square grid with gutters, enlarged by a whole factor so that small images can be seen: how it is
/// laid out, and the drawing.
package struct SampleGrid: Sendable {
  /// How many images are on it.
  package let shown: Int
  package let columns: Int
  private let layout: Layout
  private let place: String

  /// Another number for another look: grids that were drawn before are then drawn again.
  static let look = 1
  /// At most this many images a side.
  private static let side = 10
  /// The width aimed at, in pixels.
  private static let width = 600
  private static let gutterLevel: UInt8 = 96

  /// Throws when the shape is not `[1 or 3, H, W]` or there is no image.
  package init(_ set: ShownSamples) throws {
    place = set.name
    guard set.shape.count == 3 else {
      throw PlumbError("no grid can be drawn", at: place, expected: "a shape C, H, W", found: "\(set.shape)")
    }
    let (channels, height, width) = (set.shape[0], set.shape[1], set.shape[2])
    guard channels == 1 || channels == 3, (1...8192).contains(height), (1...8192).contains(width) else {
      throw PlumbError("no grid can be drawn", at: place, expected: "1 or 3 channels of up to 8192 x 8192 pixels", found: "\(set.shape)")
    }
    guard set.count > 0 else { throw PlumbError("no grid can be drawn", at: place, expected: "images", found: "none") }
    let gutter = width <= 16 ? 1 : 2
    columns = max(1, min(Self.side, Self.rootUp(set.count), 1200 / (width + gutter)))
    shown = min(set.count, columns * columns)
    let rows = (shown + columns - 1) / columns
    let zoom = max(1, Self.width / (columns * (width + gutter) + gutter))
    layout = Layout(channels: channels, height: height, width: width, columns: columns, rows: rows, gutter: gutter, zoom: zoom)
  }

  /// Draws the images. Throws when `pixels` are not those of `shown` images.
  package func image(of pixels: [UInt8]) throws -> PNGImage {
    let expected = shown * layout.channels * layout.height * layout.width
    guard pixels.count == expected else {
      throw PlumbError("no grid can be drawn", at: place, expected: "images of \(expected) bytes together", found: "\(pixels.count) bytes")
    }
    return try PNGImage(
      width: layout.totalWidth, height: layout.totalHeight, channels: layout.channels, pixels: layout.pixels(of: pixels, shown: shown))
  }

  private static func rootUp(_ count: Int) -> Int {
    var root = 1
    while root < side, root * root < count { root += 1 }
    return root
  }

  private struct Layout {
    let channels: Int, height: Int, width: Int
    let columns: Int, rows: Int
    let gutter: Int, zoom: Int

    var totalWidth: Int { (columns * (width + gutter) + gutter) * zoom }
    var totalHeight: Int { (rows * (height + gutter) + gutter) * zoom }

    /// `source` is `[N, C, H, W]`; the result is `[H, W, C]` of the whole grid.
    func pixels(of source: [UInt8], shown: Int) -> [UInt8] {
      var result = [UInt8](repeating: SampleGrid.gutterLevel, count: totalWidth * totalHeight * channels)
      for row in 0..<totalHeight {
        let (tileRow, y) = place(row, extent: height)
        guard (0..<height).contains(y) else { continue }
        for column in 0..<totalWidth {
          let (tileColumn, x) = place(column, extent: width)
          let sample = tileRow * columns + tileColumn
          guard (0..<width).contains(x), tileColumn < columns, sample < shown else { continue }
          for channel in 0..<channels {
            result[(row * totalWidth + column) * channels + channel] = source[((sample * channels + channel) * height + y) * width + x]
          }
        }
      }
      return result
    }

    /// Tile and position in the tile; the position is negative on the gutter before it.
    private func place(_ position: Int, extent: Int) -> (tile: Int, offset: Int) {
      let pixel = position / zoom
      return (pixel / (extent + gutter), pixel % (extent + gutter) - gutter)
    }
  }
}
