import ArtifactStore
import Basics
import Checkpoints
import Downloads
import Foundation
import StageRuntime
import StageSchema

/// A file a stage reads from outside the store, named by path or by address and digest.
///
/// A file named by address is fetched when the stage runs, into the store's downloads, and planned by its digest.
struct OutsideFile: Sendable {
  /// The file; of one named by address empty until it is looked for in a store.
  let path: String
  /// The digest the pipeline pins; then the file need not be there to plan.
  let pinned: Digest?
  private let url: String?
  /// The open file: as planning sees it, or with every byte checked as a run reads it. Nil where it is not there or cannot be
  /// opened.
  private let bytes: (any RandomAccessBytes)?

  static let fields: [ParameterField] = [
    ParameterField(
      "file", .path, optional: true,
      doc: "The file, relative to the pipeline file. Its content enters the key, its name does not. Either file or url."),
    ParameterField(
      "url", .text, optional: true,
      doc: "Where the file is fetched from when the stage runs, http, https or file; needs sha256. The address enters no key."),
    ParameterField(
      "sha256", .sha256, optional: true, doc: "SHA-256 of the file: checked before use; with it the file need not be there to plan."),
  ]

  /// Fields that only say where the file is; its digest enters the key in their place.
  static let unkeyed: Set<String> = ["file", "url", "sha256"]

  init(_ parameters: StageParameters) throws {
    pinned = parameters.optionalText("sha256").flatMap { Digest(hex: $0) }
    url = parameters.optionalText("url")
    let file = parameters.optionalText("file")
    path = file ?? ""
    bytes = nil
    guard let url else {
      guard file != nil else { throw StageIssue(.stage, "nothing says which file to read", expected: "file, or url and sha256") }
      return
    }
    guard file == nil else {
      throw StageIssue(.parameter(["url"]), "the file is named twice", expected: "either file or url")
    }
    guard pinned != nil else {
      throw StageIssue(.parameter(["url"]), "a file named by address needs its digest", expected: "sha256 beside url", found: url)
    }
    do { try Download.check(url) } catch let error as PlumbError { throw StageIssue(.parameter(["url"]), error) }
  }

  private init(path: String, pinned: Digest?, url: String?, bytes: (any RandomAccessBytes)?) {
    (self.path, self.pinned, self.url, self.bytes) = (path, pinned, url, bytes)
  }

  /// The field that names the file.
  var field: String { url == nil ? "file" : "url" }

  var exists: Bool { bytes != nil || FileManager.default.fileExists(atPath: path) }

  /// The file as planning sees it, open, so that its header and its digest are of one file; one named by address stands among
  /// the downloads, if it was fetched already.
  func planned(_ inputs: FactInputs) -> OutsideFile {
    var path = path
    if url != nil, let pinned { path = "\(inputs.downloads)/\(pinned.hex)" }
    return OutsideFile(path: path, pinned: pinned, url: url, bytes: try? RandomAccessFile(path: path))
  }

  /// The file as a run reads it: fetched if need be, and with the content that is in the key.
  func opened(_ inputs: StageInputs, in context: StageContext) throws -> OutsideFile {
    let path = try fetched(in: context)
    return OutsideFile(path: path, pinned: pinned, url: url, bytes: try inputs.open(Self.name, at: path))
  }

  /// The name of its digest in `StageInference.files`.
  static let name = "file"

  /// Its tensors.
  func tensors() throws -> any TensorSource { try bytes.map { try CheckpointFile.open($0) } ?? CheckpointFile.open(path) }

  private func fetched(in context: StageContext) throws -> String {
    guard let url, let pinned else { return path }
    let download = try Download(url: url, sha256: pinned, folder: context.store.downloads)
    return try download.fetch(
      progress: { context.receive(bytes: $0.received, of: $0.total) }, isCancelled: { context.isCancelled })
  }

  /// The digest that enters the key: the pinned one, else the file's own.
  func digest() throws -> Digest {
    if let pinned { return pinned }
    guard exists else { throw missing() }
    do {
      return try (bytes as? RandomAccessFile ?? RandomAccessFile(path: path)).contentDigest()
    } catch let error as PlumbError {
      throw StageIssue(.parameter([field]), PlumbError(error.message, kind: .input, at: path), reason: .damagedFile)
    }
  }

  /// That the file is not there; `need` says what for.
  func missing(_ need: String? = nil, expected: String? = nil) -> StageIssue {
    let fact = url == nil ? "there is no such file" : "the file was not fetched yet (plumb fetch does)"
    return StageIssue(
      .parameter([field]), need.map { "\(fact), and \($0)" } ?? fact, expected: expected, found: url ?? path, reason: .missingFile)
  }
}
