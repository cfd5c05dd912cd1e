import Basics
import Foundation
import StageRuntime
import StageSchema

/// The files a pipeline gives to its program, the script first: put into the folder under their own names.
struct CommandFiles: Sendable {
  private struct File: Sendable {
    let field: String
    let path: String
    let name: String
  }

  private let files: [File]

  var names: Set<String> { Set(files.map(\.name)) }

  /// Throws where two have one name, or that of something else in the folder.
  init(_ parameters: StageParameters) throws {
    let script = parameters.optionalText("script").map { ("script", $0) }
    files = try ((script.map { [$0] } ?? []) + parameters.texts("files").map { ("files", $0) }).map { field, path in
      File(field: field, path: path, name: (path as NSString).lastPathComponent)
    }
    var seen = Set(CommandFolder.ownNames)
    for file in files where !seen.insert(file.name).inserted {
      throw StageIssue(.parameter([file.field]), "two things of one name cannot be in the program's folder", found: file.name)
    }
  }

  /// Contents for the key: of the script, whatever it is called, and of the others by name.
  func digests() throws -> [String: Digest] {
    try files.reduce(into: [String: Digest]()) { digests, file in
      guard FileManager.default.fileExists(atPath: file.path) else {
        throw StageIssue(.parameter([file.field]), "there is no such file", found: file.path, reason: .missingFile)
      }
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else {
        throw StageIssue(.parameter([file.field]), "this is a folder", expected: "a file", found: file.path, reason: .damagedFile)
      }
      do {
        digests[key(file)] = try RandomAccessFile(path: file.path).contentDigest()
      } catch let error as PlumbError {
        throw StageIssue(.parameter([file.field]), PlumbError(error.message, kind: .input, at: file.path), reason: .damagedFile)
      }
    }
  }

  /// Copies them, read-only, with the content that is in the key; one that may be executed stays so.
  func place(in folder: CommandFolder, _ inputs: StageInputs) throws {
    for file in files {
      try folder.copy(
        inputs.open(key(file), at: file.path), to: file.name, isExecutable: FileManager.default.isExecutableFile(atPath: file.path))
    }
  }

  private func key(_ file: File) -> String { file.field == "script" ? "script" : "files.\(file.name)" }
}
