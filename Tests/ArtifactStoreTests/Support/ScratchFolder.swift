import ArtifactStore
import Basics
import Foundation

/// A folder that goes when the test ends.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("plumb-store-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Files below, as paths relative to it.
  var files: [String] {
    (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [])
      .filter { (try? FileManager.default.attributesOfItem(atPath: "\(path)/\($0)"))?[.type] as? FileAttributeType == .typeRegular }
      .sorted()
  }

  func files(under folder: String) -> [String] { files.filter { $0.hasPrefix(folder + "/") } }

  /// Puts other bytes in place of a file's, also where the file is read-only.
  static func overwrite(_ path: String, _ bytes: [UInt8]) throws {
    try? FileManager.default.removeItem(atPath: path)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}

extension ResultKey {
  static func test(_ name: String, profile: String = "profile") -> ResultKey {
    ResultKey(semantic: Digest(of: name), profile: Digest(of: profile))
  }
}

extension ResultManifest {
  /// A result with one output of the given objects.
  static func test(_ objects: [ObjectRef], facts: JSONValue = ["steps": 20, "scale": 1.02]) -> ResultManifest {
    let parts = objects.enumerated().map { Artifact.Part(name: "\(32 * $0.offset)-\(32 * $0.offset + 32)", object: $0.element) }
    return ResultManifest(
      stage: "sample", version: 1, ownKey: Digest(of: "own"),
      outputs: ["images": Artifact(type: "samples", parts: parts, facts: facts)])
  }
}
