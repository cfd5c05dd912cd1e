import Basics
import Networks
import StageKit

/// Images made elsewhere, read in order.
protocol SampleFiles {
  var count: Int { get }
  var image: ImageShape { get }
  /// Bytes in memory while images are read, beside those handed out.
  var residentBytes: Int { get }
  /// The images of a range as bytes [n, C, H, W].
  mutating func read(_ range: Range<Int>) throws -> [UInt8]
}

/// Pixels in rows, [H, W, C], as planes [C, H, W].
func planes(ofRows pixels: ArraySlice<UInt8>, _ image: ImageShape) -> [UInt8] {
  let area = image.height * image.width
  var planes = [UInt8](repeating: 0, count: image.count)
  for (position, value) in pixels.prefix(image.count).enumerated() {
    planes[position % image.channels * area + position / image.channels] = value
  }
  return planes
}
