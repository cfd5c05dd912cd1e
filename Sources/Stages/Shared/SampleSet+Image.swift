import Networks
import Results

extension SampleSet {
  init(count: Int, image: ImageShape) {
    self.init(count: count, channels: image.channels, height: image.height, width: image.width)
  }
}
