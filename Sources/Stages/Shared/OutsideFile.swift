import Basics
import Downloads
import Foundation
import StageRuntime
import StageSchema

/// A file a stage reads from outside the store, named by path or by address and digest.
///
/// A file named by address is fetched when the stage runs, into the store's downloads, and planned by its digest.
struct OutsideFile: Sendable, Hashable {
  /// The file; of one named by address empty until it is looked for in a store.
  let path: String
  /// The digest the pipeline pins; then the file need not be there to plan.
  let pinned: Digest?
  private let url: String?

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

  private init(path: String, pinned: Digest?, url: String?) { (self.path, self.pinned, self.url) = (path, pinned, url) }

  /// The field that names the file.
  var field: String { url == nil ? "file" : "url" }

  var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// The file as planning sees it: one named by address stands among the downloads, if it was fetched already.
  func planned(_ inputs: FactInputs) -> OutsideFile { located(in: inputs.downloads) }

  /// The file, fetched if need be.
  func fetched(in context: StageContext) throws -> OutsideFile {
    guard let url, let pinned else { return self }
    let download = try Download(url: url, sha256: pinned, folder: context.store.downloads)
    let path = try download.fetch(
      progress: { context.receive(bytes: $0.received, of: $0.total) }, isCancelled: { context.isCancelled })
    return OutsideFile(path: path, pinned: pinned, url: url)
  }

  /// The digest that enters the key: the pinned one, else the file's own.
  func digest() throws -> Digest {
    if let pinned { return pinned }
    guard exists else { throw missing() }
    do {
      return try AtomicFile.digest(path).digest
    } catch let error as PlumbError {
      throw StageIssue(.parameter([field]), PlumbError(error.message, kind: .input, at: path), reason: .damagedFile)
    }
  }

  /// Throws unless the file has the pinned content (or the content it had when it was planned).
  func verify(against expected: Digest) throws {
    let found = try AtomicFile.digest(path).digest
    guard found == expected else {
      throw PlumbError("the file does not have the expected content", at: path, expected: "sha256 \(expected.hex)", found: found.hex)
    }
  }

  /// That the file is not there; `need` says what for.
  func missing(_ need: String? = nil, expected: String? = nil) -> StageIssue {
    let fact = url == nil ? "there is no such file" : "the file was not fetched yet (plumb fetch does)"
    return StageIssue(
      .parameter([field]), need.map { "\(fact), and \($0)" } ?? fact, expected: expected, found: url ?? path, reason: .missingFile)
  }

  private func located(in folder: String) -> OutsideFile {
    guard url != nil, let pinned else { return self }
    return OutsideFile(path: "\(folder)/\(pinned.hex)", pinned: pinned, url: url)
  }
}
