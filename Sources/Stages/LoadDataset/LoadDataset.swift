import ArtifactStore
import Basics
import Checkpoints
import Networks
import StageRuntime
import StageSchema

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
      ParameterField(
        "shape", .list(of: .integer(1...4_000_000_000), count: 4...4), optional: true,
        doc: "The shape of the array of images, as the file has it; with it and sha256 the file need not be there to plan."),
    ])

  let file: OutsideFile
  let array: String
  let labels: String
  let isChannelsLast: Bool
  /// The shape the pipeline promises.
  let shape: [Int]?

  init(parameters: StageParameters) throws {
    file = try OutsideFile(parameters)
    array = try parameters.text("images")
    labels = try parameters.text("labels")
    isChannelsLast = try parameters.text("layout") == "nhwc"
    shape = parameters.value("shape").list.map { $0.compactMap(\.integer) }
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let file = file.planned(inputs)
    let shape = try plannedShape(file)
    let image: ImageShape
    do {
      image = try imageShape(shape)
      try image.checkSet(of: shape[0])
    } catch let error as PlumbError {
      throw StageIssue(.parameter([self.shape == nil ? file.field : "shape"]), error, reason: .wrongDimensions)
    }
    // The shape is told by the content, whose digest is in the key.
    return StageInference(
      outputs: ["images": DatasetFacts(count: shape[0], image: image)], files: [OutsideFile.name: try file.digest()],
      unkeyed: OutsideFile.unkeyed.union(["shape"]))
  }

  /// The shape of the array: the file's, or the promised one of a file that is not there and has its content pinned.
  private func plannedShape(_ file: OutsideFile) throws -> [Int] {
    guard file.exists else {
      guard file.pinned != nil else { throw file.missing() }
      guard let shape else { throw file.missing("it is needed to tell how many images it holds", expected: "the file, or shape") }
      return shape
    }
    do {
      return try self.entry(of: file.tensors(), file).shape
    } catch let error as PlumbError {
      var error = error
      error.kind = .input
      throw StageIssue(
        .parameter([file.field]), error.place?.hasPrefix(file.path) == true ? error : error.at(file.path), reason: .damagedFile)
    }
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let facts = try infer(inputs).outputs["images"]
    guard let dataset = facts as? DatasetFacts else { return StageCost() }
    return StageCost(outputBytes: dataset.byteCount, sharedBytes: 2 * dataset.byteCount)
  }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let file = try file.opened(inputs, in: context)
    let source = try file.tensors()
    let entry = try self.entry(of: source, file)
    let image = try imageShape(entry.shape)
    let read = try source.read(array)
    let bytes = isChannelsLast ? Self.channelsFirst(read.bytes, count: entry.shape[0], image: image) : read.bytes
    let shape = [entry.shape[0], image.channels, image.height, image.width]
    var tensors = [(name: ResidentDataset.imagesName, tensor: try HostTensor(dtype: .uint8, shape: shape, bytes: bytes))]
    if source.entries.contains(where: { $0.name == labels && $0.shape == [entry.shape[0]] }) {
      tensors.append(
        (name: ResidentDataset.labelsName, tensor: try HostTensor(integers: source.read(labels).integers(), shape: [entry.shape[0]])))
    }
    let object = try context.store.put(Safetensors.encode(tensors, metadata: [:]))
    let facts = DatasetFacts(count: entry.shape[0], image: image)
    return [
      "images": Artifact(type: PortType.dataset.rawValue, parts: [Artifact.Part(name: "images", object: object)], facts: facts.json)
    ]
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
    if let shape, shape != entry.shape {
      throw StageIssue(
        .parameter(["shape"]), "array \"\(array)\" has another shape", expected: "\(shape)", found: "\(entry.shape)",
        reason: .wrongDimensions)
    }
    return entry
  }

  private func imageShape(_ shape: [Int]) throws -> ImageShape {
    isChannelsLast
      ? try ImageShape(checking: shape[3], height: shape[1], width: shape[2])
      : try ImageShape(checking: shape[1], height: shape[2], width: shape[3])
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
