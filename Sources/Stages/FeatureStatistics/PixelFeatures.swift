import Diffusion
import Networks

/// Features that need no network: the picture's pixels, averaged over squares until no side is longer than eight.
///
/// A Fréchet distance on them compares colours and coarse shapes only. It takes no weights and holds for pictures of any
/// size, so that runs can be compared where no trained feature network fits; it is no FID.
struct PixelFeatures: Sendable {
  let image: ImageShape
  /// Rows and columns of a square.
  let side: Int

  init(_ image: ImageShape) {
    self.image = image
    side = max(1, (max(image.height, image.width) + 7) / 8)
  }

  private var height: Int { max(1, image.height / side) }
  private var width: Int { max(1, image.width / side) }

  /// Features of a picture.
  var count: Int { image.channels * height * width }

  /// The features, [C, height, width] in [-1, 1], of the picture [C, H, W] in `bytes`. A last row or column that fills
  /// no square is left out.
  func features(of bytes: ArraySlice<UInt8>) -> [Float] {
    var features: [Float] = []
    features.reserveCapacity(count)
    for channel in 0..<image.channels {
      for top in 0..<height {
        for left in 0..<width {
          var (sum, pixels) = (0, 0)
          for row in top * side..<min((top + 1) * side, image.height) {
            for column in left * side..<min((left + 1) * side, image.width) {
              sum += Int(bytes[bytes.startIndex + (channel * image.height + row) * image.width + column])
              pixels += 1
            }
          }
          features.append(Float(sum) / (127.5 * Float(max(pixels, 1))) - 1)
        }
      }
    }
    return features
  }
}
