import ArtifactStore
import Basics
import Checkpoints
import Networks
import Results
import StageRuntime
import StageSchema

/// The pictures of an artifact of samples or of a dataset by their position, 0 first. Samples are read part by part, a dataset is
/// shared by all lanes.
struct Pictures {
  let count: Int
  let image: ImageShape
  private let parts: [(positions: Range<Int>, object: ObjectRef)]
  private let dataset: ResidentDataset?
  private let context: StageContext

  /// Throws when the artifact holds latents, or parts that do not say which samples they hold.
  init(_ artifact: Artifact, in context: StageContext) throws {
    self.context = context
    if artifact.type == PortType.dataset.rawValue {
      let dataset = try context.dataset(artifact)
      (count, image, parts) = (dataset.count, dataset.image, [])
      self.dataset = dataset
      return
    }
    let set = try SampleSet(json: artifact.facts)
    image = try ImageShape(checking: set.channels, height: set.height, width: set.width)
    var parts: [(positions: Range<Int>, object: ObjectRef)] = []
    for part in artifact.parts {
      let start = parts.last?.positions.upperBound ?? 0
      parts.append((start..<start + (try SamplePart.count(part)), part.object))
    }
    (self.parts, dataset, count) = (parts, nil, parts.last?.positions.upperBound ?? 0)
  }

  /// The pictures of a range as bytes [n, C, H, W].
  func bytes(_ range: Range<Int>) throws -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw PlumbError("there are no such pictures", expected: "0 to \(count)", found: "\(range)")
    }
    if let dataset { return Array(try dataset.pictures()[range.lowerBound * image.count..<range.upperBound * image.count]) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count * image.count)
    for part in parts where part.positions.overlaps(range) {
      let images = try Safetensors.decode(context.store.read(part.object)).read(SampleSet.tensorName)
      guard images.dtype == .uint8, images.shape == [part.positions.count, image.channels, image.height, image.width] else {
        throw PlumbError(
          "a part of samples does not hold what it says", expected: "uint8 \(part.positions.count)x\(image)",
          found: "\(images.dtype.rawValue) \(images.shape)")
      }
      let wanted = part.positions.clamped(to: range)
      let first = wanted.lowerBound - part.positions.lowerBound
      bytes += images.bytes[first * image.count..<(first + wanted.count) * image.count]
    }
    return bytes
  }
}
