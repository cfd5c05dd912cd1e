import ArtifactStore
import Basics
import Networks
import StageRuntime
import StageSchema

/// Adopts images made elsewhere, so that they are scored beside those made here.
struct LoadSamples: WholeStage {
  static let descriptor = StageDescriptor(
    name: "load-samples", version: 1, doc: "Adopts images made elsewhere, so that they are scored beside those made here.", inputs: [],
    outputs: [OutputPort("images", .samples, doc: "Images as bytes, [N, C, H, W], in blocks.")],
    parameters: OutsideFile.fields + [
      ParameterField(
        "folder", .path, optional: true,
        doc: "In place of file or url: a folder of PNG images, those below it included, in natural order of their names (2 before 10). "
          + "Names and contents enter the key."),
      ParameterField(
        "array", .text, optional: true, doc: "The array of an .npz that holds the images; else arr_0, images, or the only one."),
      ParameterField(
        "layout", .choice(["nhwc", "nchw"]), default: .text("nhwc"), doc: "The order of the axes of the array; nhwc is guided-diffusion's."),
      ParameterField("samples", .integer(1...4_000_000_000), optional: true, unit: "images", doc: "Take only the first of them."),
    ])

  private let file: OutsideFile?
  private let folder: String?
  private let array: String?
  private let isChannelsLast: Bool
  private let limit: Int?

  init(parameters: StageParameters) throws {
    folder = parameters.optionalText("folder")
    array = parameters.optionalText("array")
    isChannelsLast = try parameters.text("layout") == "nhwc"
    limit = parameters.optionalInteger("samples")
    if folder != nil, let field = OutsideFile.unkeyed.sorted().first(where: { parameters.optionalText($0) != nil }) {
      throw StageIssue(.parameter([field]), "the samples are named twice", expected: "either folder, or file or url")
    }
    file = folder == nil ? try OutsideFile(parameters) : nil
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let file = file?.planned(inputs)
    let files = try blaming { try open(file) }
    let content = try blaming { try digest(file) }
    return StageInference(
      outputs: ["images": SampleFacts(count: limit ?? files.count, image: files.image)],
      files: [folder == nil ? OutsideFile.name : Self.folderName: content], unkeyed: OutsideFile.unkeyed.union(["folder"]))
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let files = try blaming { try open(file?.planned(inputs)) }
    return StageCost(outputBytes: (limit ?? files.count) * files.image.count, sharedBytes: files.adoptionBytes)
  }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    var files = try open(file?.opened(inputs, in: context))
    if let folder = files as? SampleFolder {
      files = try folder.checked { try inputs.check(Self.folderName, found: $0, at: $1) }
    }
    return ["images": try files.adopt(limit ?? files.count, in: context)]
  }

  /// The name of the folder's digest in `StageInference.files`.
  private static let folderName = "folder"

  private func open(_ file: OutsideFile?) throws -> any SampleFiles {
    let files: any SampleFiles
    if let folder {
      files = try SampleFolder(folder)
    } else if let file {
      guard file.exists else { throw file.missing("it is needed to tell how many samples there are") }
      files = try SampleArray(file.tensors(), path: file.path, array: array, isChannelsLast: isChannelsLast)
    } else {
      throw StageIssue(.stage, "nothing says which samples to read", expected: "file, url or folder")
    }
    if let limit, limit > files.count {
      throw StageIssue(.parameter(["samples"]), "there are fewer samples", expected: "at most \(files.count)", found: "\(limit)")
    }
    return files
  }

  /// What enters the key.
  private func digest(_ file: OutsideFile?) throws -> Digest { try file?.digest() ?? SampleFolder(folder ?? "").digest() }

  /// Runs `body`; what it throws is blamed on the parameter that names the samples.
  private func blaming<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as PlumbError {
      error.kind = .input
      throw StageIssue(.parameter([folder == nil ? file?.field ?? "file" : "folder"]), error, reason: .damagedFile)
    }
  }
}
