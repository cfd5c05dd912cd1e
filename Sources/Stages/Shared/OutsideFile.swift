import Basics
import Foundation
import StageKit

/// A file a stage reads from outside the store, named by path and optionally pinned by digest.
struct OutsideFile: Sendable, Hashable {
  let path: String
  /// The digest the pipeline pins; then the file need not be there to plan.
  let pinned: Digest?

  static let fields: [ParameterField] = [
    ParameterField("file", .path, doc: "The file, relative to the pipeline file. Its content enters the key, its name does not."),
    ParameterField(
      "sha256", .sha256, optional: true, doc: "SHA-256 of the file: checked before use; with it the file need not be there to plan."),
  ]

  init(_ parameters: StageParameters) throws {
    path = try parameters.text("file")
    pinned = parameters.optionalText("sha256").flatMap { Digest(hex: $0) }
  }

  var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// The digest that enters the key: the pinned one, else the file's own.
  func digest() throws -> Digest {
    if let pinned { return pinned }
    guard exists else { throw StageIssue(.parameter(["file"]), "there is no such file", found: path, reason: .missingFile) }
    do {
      return try AtomicFile.digest(path).digest
    } catch let error as PlumbError {
      throw StageIssue(.parameter(["file"]), PlumbError(error.message, kind: .input, at: path), reason: .damagedFile)
    }
  }

  /// Throws unless the file has the pinned content (or the content it had when it was planned).
  func verify(against expected: Digest) throws {
    let found = try AtomicFile.digest(path).digest
    guard found == expected else {
      throw PlumbError("the file does not have the expected content", at: path, expected: "sha256 \(expected.hex)", found: found.hex)
    }
  }
}
