import ArtifactStore
import Basics
import Checkpoints
import Networks
import Results
import StageRuntime
import StageSchema

/// Images made elsewhere, read in order.
protocol SampleFiles {
  var count: Int { get }
  var image: ImageShape { get }
  /// Bytes in memory while images are read, beside those handed out.
  var residentBytes: Int { get }
  /// The images of a range as bytes [n, C, H, W].
  mutating func read(_ range: Range<Int>) throws -> [UInt8]
}

extension SampleFiles {
  /// Images in a part of the artifact.
  static var partSize: Int { 256 }

  /// Keeps the first `count` images as an artifact, part by part.
  mutating func adopt(_ count: Int, in context: StageContext) throws -> Artifact {
    var parts: [Artifact.Part] = []
    for start in stride(from: 0, to: count, by: Self.partSize) {
      try context.checkCancelled()
      let range = start..<min(start + Self.partSize, count)
      let tensor = try HostTensor(
        dtype: .uint8, shape: [range.count, image.channels, image.height, image.width], bytes: read(range))
      let object = try context.store.put(Safetensors.encode([(name: SampleSet.tensorName, tensor: tensor)], metadata: [:]))
      parts.append(Artifact.Part(name: SamplePart.name(range), object: object))
    }
    return Artifact(type: PortType.samples.rawValue, parts: parts, facts: SampleSet(count: count, image: image).json)
  }

  /// Bytes in memory while `adopt` keeps a part: read, in order, and encoded.
  var adoptionBytes: Int { residentBytes + 3 * Self.partSize * image.count }
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
