import Basics
import Foundation
import Testing

/// Where the golden cases and the shipped data lie in the repository.
enum Golden {
  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path(percentEncoded: false)
  static let formats = repository + "Tests/Golden/formats/"
  static let digits = repository + "Pipelines/digits/"

  /// A file of a case of the family `formats`.
  struct FormatFile: Sendable, CustomTestStringConvertible {
    let folder: String
    let facts: JSONValue
    var name: String { facts["file"]?.text ?? "" }
    var path: String { folder + name }
    var testDescription: String { name }
  }

  static func files(of formatCase: String) -> [FormatFile] {
    let folder = formats + formatCase + "/"
    guard let facts = try? JSONValue(contentsOf: folder + "case.json"), let files = facts["files"]?.list else { return [] }
    return files.map { FormatFile(folder: folder, facts: $0) }
  }
}

/// A folder of its own that is removed afterwards.
func withScratchFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "checkpoints-\(UUID().uuidString)").path(percentEncoded: false)
  try AtomicFile.makeDirectory(folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder + "/")
}
