import Foundation
import PipelineLanguage
import Testing

/// One case of the public yaml-test-suite: a text, and what it is or that it is nothing.
struct SuiteCase: Sendable, CustomTestStringConvertible {
  /// As the suite's releases number them: `229Q`, or `DK95/00` in a file of several cases.
  let id: String
  let yaml: String
  let mustFail: Bool
  /// The events, in the suite's notation.
  let tree: String
  let json: String?

  var testDescription: String { id }
}

/// Where the suite lies. It is public and large, so it is no part of the project.
enum YAMLSuite {
  /// The folder, through the environment or beside the project; nil when it is in neither place.
  static let folder: String? = {
    let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let beside = root.deletingLastPathComponent().appendingPathComponent("shared/yaml-test-suite").path
    let named = ProcessInfo.processInfo.environment["PLUMB_YAML_SUITE"]
    let found = [named ?? beside].first { FileManager.default.fileExists(atPath: $0 + "/src") }
    if found == nil {
      print("skipped: the yaml-test-suite is neither in \(named ?? beside) nor where PLUMB_YAML_SUITE says")
    }
    return found
  }()

  /// Every case, in the order of the file names.
  static func cases() throws -> [SuiteCase] {
    let folder = try #require(folder) + "/src"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
    return try names.flatMap { name in
      let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
      let root = TreeReader.read(SourceText(name: name, directory: folder, bytes: Array(bytes))).root
      return Self.cases(of: try #require(root?.sequence, "\(name) is no list of cases"), file: String(name.dropLast(5)))
    }
  }

  private static func cases(of items: [YAMLNode], file: String) -> [SuiteCase] {
    var fields: [String: YAMLNode] = [:]
    var cases: [SuiteCase] = []
    for (index, item) in items.enumerated() {
      // What a later case of a file does not say, it has from the one before; failing it says itself.
      fields["fail"] = nil
      for entry in item.mapping ?? [] { fields[entry.key.value] = entry.value }
      guard fields["skip"] == nil, let yaml = fields["yaml"]?.scalar?.text else { continue }
      let number = String(index)
      let width = items.count < 10 ? 2 : 3
      let digits = String(repeating: "0", count: max(0, width - number.count)) + number
      cases.append(
        SuiteCase(
          id: items.count == 1 ? file : "\(file)/\(digits)", yaml: unescaped(yaml), mustFail: fields["fail"]?.scalar?.text == "true",
          tree: unescaped(fields["tree"]?.scalar?.text ?? ""),
          json: fields["json"].flatMap { $0.isNull ? nil : $0.scalar.map { unescaped($0.text) } }))
    }
    return cases
  }

  /// The suite writes what cannot be seen with signs that can.
  private static func unescaped(_ text: String) -> String {
    text.replacing("␣", with: " ").replacing(/—*»/, with: "\t").replacing("↵", with: "").replacing("∎\n", with: "")
      .replacing("←", with: "\r").replacing("⇔", with: "\u{FEFF}")
  }
}
