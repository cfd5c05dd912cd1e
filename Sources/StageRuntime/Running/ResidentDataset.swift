import ArtifactStore
import Basics
import Checkpoints
public import Diffusion
public import Networks

/// A dataset in memory: pictures as bytes, or latents as floats.
public struct ResidentDataset: Sendable {
  public enum Content: Sendable {
    /// [count, C, H, W], 0 to 255.
    case bytes([UInt8])
    /// [count, C, H, W], as the network of latents sees them.
    case floats([Float])
  }

  public let count: Int
  public let image: ImageShape
  public let content: Content
  /// One class per image; nil when the dataset has none.
  public let labels: [Int32]?

  /// The tensors of each part of the artifact: images [N, C, H, W], and in all parts or in none a class for each of them.
  public static let imagesName = "images"
  public static let labelsName = "labels"

  /// Reads the parts of an artifact, in order.
  init(_ artifact: Artifact, store: ArtifactStore) throws {
    var (bytes, floats, labels): ([UInt8], [Float], [Int32]) = ([], [], [])
    var (count, shape): (Int, [Int]?) = (0, nil)
    for part in artifact.parts {
      let source = try SafetensorsFile(store.open(part.object))
      let tensor = try source.read(Self.imagesName)
      guard tensor.shape.count == 4, tensor.dtype == .uint8 || tensor.dtype == .float32,
        shape.map({ $0 == Array(tensor.shape.dropFirst()) }) ?? true
      else {
        throw PlumbError(
          "a dataset does not hold images of one kind", expected: "uint8 or float32 [N, C, H, W]",
          found: "\(tensor.dtype.rawValue) \(tensor.shape)")
      }
      shape = Array(tensor.shape.dropFirst())
      count += tensor.shape[0]
      if tensor.dtype == .uint8 { bytes += tensor.bytes } else { floats += tensor.floats() }
      if source.entry(Self.labelsName) != nil { labels += try source.read(Self.labelsName).integers().map { Int32(clamping: $0) } }
    }
    guard let shape, bytes.isEmpty != floats.isEmpty, labels.isEmpty || labels.count == count else {
      throw PlumbError("a dataset's parts do not fit each other", found: "\(artifact.parts.count) parts, \(labels.count) labels")
    }
    self.count = count
    image = ImageShape(channels: shape[0], height: shape[1], width: shape[2])
    content = floats.isEmpty ? .bytes(bytes) : .floats(floats)
    self.labels = labels.isEmpty ? nil : labels
  }

  /// The images as x_0 of samples.
  public func startImages(order: ImageOrder) throws -> any StartImages {
    switch content {
    case .bytes(let bytes): try ByteImages(bytes: bytes, elementCount: image.count, order: order)
    case .floats(let floats): try FloatImages(pixels: floats, elementCount: image.count, order: order)
    }
  }

  /// The pictures' bytes; throws for latents.
  public func pictures() throws -> [UInt8] {
    guard case .bytes(let bytes) = content else {
      throw PlumbError("these are latents, not pictures", kind: .input, expected: "the dataset they were encoded from")
    }
    return bytes
  }
}
