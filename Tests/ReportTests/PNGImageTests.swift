import Basics
import Pictures
import Report
import Testing

@Suite struct PNGImageTests {
  @Test(arguments: [1, 3]) func pixelsSurviveARoundTrip(channels: Int) throws {
    let image = try PNGImage(
      width: 7, height: 5, channels: channels, pixels: (0..<35 * channels).map { UInt8(truncatingIfNeeded: $0 * 37) })
    let file = try image.encoded()
    #expect(file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(try PNGImage(decoding: file) == image)
  }

  @Test func damagedFilesAreRefused() throws {
    let file = try PNGImage(width: 9, height: 9, channels: 1, pixels: [UInt8](repeating: 3, count: 81)).encoded()
    for length in [0, 1, 8, 20, file.count - 13] {
      #expect(throws: PlumbError.self) { try PNGImage(decoding: Array(file.prefix(length))) }
    }
    var flipped = file
    flipped[20] ^= 0x40
    #expect(throws: PlumbError.self) { try PNGImage(decoding: flipped) }
    #expect(throws: PlumbError.self) { try PNGImage(decoding: file, limit: 80) }
  }

  @Test func pixelsThatDoNotFitAreRefused() {
    #expect(throws: PlumbError.self) { try PNGImage(width: 2, height: 2, channels: 1, pixels: [0]) }
    #expect(throws: PlumbError.self) { try PNGImage(width: 0, height: 2, channels: 1, pixels: []) }
    #expect(throws: PlumbError.self) { try PNGImage(width: 1, height: 1, channels: 2, pixels: [0, 0]) }
  }

  @Test func gridEnlargesByAWholeFactorAndKeepsEveryPixel() throws {
    let digits = try Fixture.digits()
    let set = Fixture.samples("x", [1, 8, 8], count: 25, digits)
    let grid = try SampleGrid(set)
    let image = try grid.image(of: set.read(grid.shown))
    #expect(grid.shown == 25 && grid.columns == 5)
    // 5 x (8 + 1) + 1 = 46 pixels, enlarged 13 times.
    #expect(image.width == 46 * 13 && image.height == 46 * 13)
    for (sample, y, x) in [(0, 0, 0), (7, 3, 4), (24, 7, 7)] {
      let row = (sample / 5 * 9 + 1 + y) * 13
      let column = (sample % 5 * 9 + 1 + x) * 13
      for offset in [0, 12] {
        #expect(image.pixels[(row + offset) * image.width + column + offset] == digits[sample * 64 + y * 8 + x])
      }
    }
    #expect(image.pixels.first == 96)
  }

  @Test func colourPlanesBecomePixels() throws {
    let grid = try SampleGrid(Fixture.samples("x", [3, 1, 1], count: 2, []))
    let image = try grid.image(of: [1, 2, 3, 4, 5, 6])
    #expect(grid.shown == 2 && image.channels == 3)
    let zoom = image.width / 5
    let first = (zoom * image.width + zoom) * 3
    #expect(Array(image.pixels[first..<first + 3]) == [1, 2, 3])
  }

  @Test func bigImagesAreNotEnlarged() throws {
    let grid = try SampleGrid(Fixture.samples("x", [3, 256, 256], count: 20, []))
    let image = try grid.image(of: [UInt8](repeating: 9, count: grid.shown * 3 * 65536))
    #expect(grid.columns == 4 && grid.shown == 16 && image.width == 4 * 258 + 2)
  }
}
