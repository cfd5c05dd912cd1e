import Basics
import Foundation
import PipelineLanguage
import SchemaChecking
import Testing

/// The table of differences: `| case | differs | reason |`, sorted by case.
enum SuiteDifferences {
  static var path: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("differences.md").path
  }

  struct Entry {
    let id: String
    /// What differs, in the words of `found(in:)`.
    let kinds: String
    let reason: String
  }

  static func listed() throws -> [Entry] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2)
    return try rows.map { row in
      let cells = row.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
      try #require(cells.count == 5, "a row of three cells is expected: \(row)")
      return Entry(id: cells[1], kinds: cells[2], reason: cells[3])
    }
  }

  /// What differs between the suite and what becomes of a case here: empty when nothing does.
  static func found(in test: SuiteCase) throws -> String {
    let source = SourceText(name: test.id, directory: "/", text: test.yaml)
    let (root, diagnostics) = TreeReader.read(source)
    guard isYAML(source) else {
      #expect(root == nil && diagnostics.count == 1, "\(test.id): libyaml refuses it, so it must stand alone with one message")
      return test.mustFail ? "" : "libyaml refuses"
    }
    #expect(diagnostics.allSatisfy { $0.code >= .severalDocuments }, "\(test.id): \(diagnostics.rendered(as: .text))")
    if test.mustFail { return "libyaml accepts" }
    let codes = Set(diagnostics.map(\.code)).sorted().map(\.description)
    guard let root, diagnostics.allSatisfy({ $0.code == .unknownTag }) else { return codes.joined(separator: ", ") }
    var kinds = codes
    if SuiteEvents.roots(of: test.tree).map(\.withPlainKeys) != [SuiteTree(root)] { kinds.append("tree") }
    if let json = test.json, try JSONValue(parsing: Array(json.utf8)).withOneKindOfNumber != root.coreJSON.withOneKindOfNumber {
      kinds.append("values")
    }
    return kinds.joined(separator: ", ")
  }

  /// Whether libyaml reads the whole text.
  private static func isYAML(_ source: SourceText) -> Bool {
    do {
      let events = try EventStream(source.bytes)
      while true {
        if case .streamEnd = try events.next().content { return true }
      }
    } catch {
      return false
    }
  }
}
