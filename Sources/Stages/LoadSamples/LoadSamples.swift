import ArtifactStore
import Basics
import StageRuntime
import StageSchema
import Synchronization

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
  private let planned = PlannedDigest()

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
    planned.value.withLock { $0 = content }
    return StageInference(
      outputs: ["images": SampleFacts(count: limit ?? files.count, image: files.image)],
      files: [folder == nil ? "file" : "folder": content], unkeyed: OutsideFile.unkeyed.union(["folder"]))
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let files = try blaming { try open(file?.planned(inputs)) }
    return StageCost(outputBytes: (limit ?? files.count) * files.image.count, sharedBytes: files.adoptionBytes)
  }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let file = try file?.fetched(in: context)
    var files = try open(file)
    let found = try contentDigest(file)
    if let planned = planned.value.withLock({ $0 }), planned != found {
      throw PlumbError(
        "the samples changed since they were planned", at: file?.path ?? folder, expected: "sha256 \(planned.hex)", found: found.hex)
    }
    return ["images": try files.adopt(limit ?? files.count, in: context)]
  }

  private func open(_ file: OutsideFile?) throws -> any SampleFiles {
    let files: any SampleFiles
    if let folder {
      files = try SampleFolder(folder)
    } else if let file {
      guard file.exists else { throw file.missing("it is needed to tell how many samples there are") }
      files = try SampleArray(path: file.path, array: array, isChannelsLast: isChannelsLast)
    } else {
      throw StageIssue(.stage, "nothing says which samples to read", expected: "file, url or folder")
    }
    if let limit, limit > files.count {
      throw StageIssue(.parameter(["samples"]), "there are fewer samples", expected: "at most \(files.count)", found: "\(limit)")
    }
    return files
  }

  /// What enters the key.
  private func digest(_ file: OutsideFile?) throws -> Digest { try file?.digest() ?? contentDigest(nil) }

  private func contentDigest(_ file: OutsideFile?) throws -> Digest {
    if let file { return try AtomicFile.digest(file.path).digest }
    return try SampleFolder(folder ?? "").digest()
  }

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

/// What planning saw, for the run of the same cell to compare.
private final class PlannedDigest: Sendable {
  let value = Mutex<Digest?>(nil)
}
