import ArtifactStore
import Basics
import Checkpoints
import Networks
import StageKit

/// Reads a dataset of 8-bit images: an `.npz` (or safetensors file) with `images` [N, C, H, W] or [N, H, W, C] and,
/// when there are any, `labels` [N].
struct LoadDataset: WholeStage {
  static let descriptor = StageDescriptor(
    name: "load-dataset", version: 1, doc: "Reads a dataset of 8-bit images.", inputs: [],
    outputs: [OutputPort("images", .dataset, doc: "Images as bytes, [N, C, H, W].")],
    parameters: OutsideFile.fields + [
      ParameterField("images", .text, default: .text("images"), doc: "The array that holds the images."),
      ParameterField("labels", .text, default: .text("labels"), doc: "The array that holds their classes, if the file has it."),
      ParameterField(
        "layout", .choice(["nchw", "nhwc"]), default: .text("nchw"), doc: "The order of the axes of the array."),
    ])

  let file: OutsideFile
  let array: String
  let labels: String
  let isChannelsLast: Bool

  init(parameters: StageParameters) throws {
    file = try OutsideFile(parameters)
    array = try parameters.text("images")
    labels = try parameters.text("labels")
    isChannelsLast = try parameters.text("layout") == "nhwc"
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let file = file.planned(inputs)
    guard file.exists else { throw file.missing() }
    let entry: TensorEntry
    do {
      entry = try self.entry(of: CheckpointFile.open(file.path), file)
    } catch let error as PlumbError {
      var error = error
      error.kind = .input
      throw StageIssue(
        .parameter([file.field]), error.place?.hasPrefix(file.path) == true ? error : error.at(file.path), reason: .damagedFile)
    }
    let image = imageShape(entry)
    return StageInference(
      outputs: ["images": .dataset(DatasetFacts(count: entry.shape[0], image: image))], files: ["file": try file.digest()],
      unkeyed: OutsideFile.unkeyed)
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let facts = try infer(inputs).outputs["images"]
    guard case .dataset(let dataset)? = facts else { return StageCost() }
    let bytes = dataset.count * dataset.image.count
    return StageCost(outputBytes: bytes, sharedBytes: 2 * bytes)
  }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let file = try file.fetched(in: context)
    try file.verify(against: file.digest())
    let source = try CheckpointFile.open(file.path)
    let entry = try self.entry(of: source, file)
    let image = imageShape(entry)
    let read = try source.read(array)
    let bytes = isChannelsLast ? Self.channelsFirst(read.bytes, count: entry.shape[0], image: image) : read.bytes
    let shape = [entry.shape[0], image.channels, image.height, image.width]
    var tensors = [(name: "images", tensor: try HostTensor(dtype: .uint8, shape: shape, bytes: bytes))]
    if source.entries.contains(where: { $0.name == labels && $0.shape == [entry.shape[0]] }) {
      tensors.append((name: "labels", tensor: try HostTensor(integers: source.read(labels).integers(), shape: [entry.shape[0]])))
    }
    let object = try context.store.put(Safetensors.encode(tensors, metadata: [:]))
    let facts: JSONValue = ["count": JSONValue(entry.shape[0]), "image": JSONValue([image.channels, image.height, image.width])]
    return ["images": Artifact(type: PortType.dataset.rawValue, parts: [Artifact.Part(name: "images", object: object)], facts: facts)]
  }

  private func entry(of source: any TensorSource, _ file: OutsideFile) throws -> TensorEntry {
    guard let entry = source.entries.first(where: { $0.name == array }) else {
      let names = source.entries.map(\.name).prefix(8).joined(separator: ", ")
      throw PlumbError("the file has no array \"\(array)\"", at: file.path, expected: array, found: names.isEmpty ? "no arrays" : names)
    }
    guard entry.dtype == .uint8, entry.shape.count == 4, entry.shape.allSatisfy({ $0 > 0 }) else {
      throw PlumbError(
        "array \"\(array)\" does not hold images", at: file.path, expected: "uint8 with four axes",
        found: "\(entry.dtype.rawValue) \(entry.shape)")
    }
    return entry
  }

  private func imageShape(_ entry: TensorEntry) -> ImageShape {
    isChannelsLast
      ? ImageShape(channels: entry.shape[3], height: entry.shape[1], width: entry.shape[2])
      : ImageShape(channels: entry.shape[1], height: entry.shape[2], width: entry.shape[3])
  }

  private static func channelsFirst(_ bytes: [UInt8], count: Int, image: ImageShape) -> [UInt8] {
    let pixels = image.height * image.width
    var moved = [UInt8](repeating: 0, count: bytes.count)
    for sample in 0..<count {
      let base = sample * image.count
      for pixel in 0..<pixels {
        for channel in 0..<image.channels {
          moved[base + channel * pixels + pixel] = bytes[base + pixel * image.channels + channel]
        }
      }
    }
    return moved
  }
}
