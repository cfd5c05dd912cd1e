import Basics
import Checkpoints
import Foundation

/// A case of Tests/Golden: its description and its tensors.
struct GoldenCase {
  let name: String
  let description: JSONValue
  private let tensors: SafetensorsFile

  static var root: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden")
  }

  /// Every case of a family, by name.
  static func all(_ family: String) throws -> [GoldenCase] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: family).path).sorted()
      .filter { FileManager.default.fileExists(atPath: root.appending(path: "\(family)/\($0)/case.json").path) }
      .map { try GoldenCase(family, $0) }
  }

  init(_ family: String, _ name: String) throws {
    let folder = Self.root.appending(path: "\(family)/\(name)")
    self.name = name
    description = try JSONValue(contentsOf: folder.appending(path: "case.json").path)
    tensors = try SafetensorsFile(path: folder.appending(path: "tensors.safetensors").path)
  }

  func tensor(_ name: String) throws -> HostTensor { try tensors.read(name) }

  /// The first place where `found` misses the case's tolerance for an output; nil when it passes.
  func miss(_ output: String, _ found: [Double]) throws -> String? {
    let expected = try tensor(output).doubles()
    let tolerance = description["outputs"]?[output]?["tolerance"]
    guard let relative = tolerance?["rtol"]?.double, let absolute = tolerance?["atol"]?.double else { return "\(output) has no tolerance" }
    guard found.count == expected.count else { return "\(output): \(found.count) values, expected \(expected.count)" }
    for (index, (found, expected)) in zip(found, expected).enumerated()
    where !(abs(found - expected) <= absolute + relative * abs(expected)) {
      return "\(name) \(output)[\(index)]: \(found), expected \(expected)"
    }
    return nil
  }
}
