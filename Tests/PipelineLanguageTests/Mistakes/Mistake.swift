import Foundation
import PipelineLanguage
import Testing

/// A mistake somebody makes: a file, perhaps flags, and the message that leads to the fix.
///
/// Each lies in `cases`: `NAME.plumb.yaml`, `NAME.flags` (one value of `--set` a line) where there are any, and `NAME.txt`, the
/// message as it is printed.
struct Mistake: Sendable, CustomTestStringConvertible {
  let name: String
  var testDescription: String { name }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("cases").path

  /// Whether the messages are written anew; to be read by eye afterwards.
  static let isRefresh = ProcessInfo.processInfo.environment["PLUMB_REFRESH_MISTAKES"] == "1"

  static let all: [Mistake] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".plumb.yaml") }.sorted().map { Mistake(name: String($0.dropLast(".plumb.yaml".count))) }
  }()

  private func path(_ end: String) -> String { "\(Self.folder)/\(name)\(end)" }

  /// What the program makes of it. The file is read as bytes, so that some may be no text.
  func load() throws -> Pipeline.Loaded {
    let flags = (try? String(contentsOfFile: path(".flags"), encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
    return Pipeline.load(
      path: "\(name).plumb.yaml", catalogue: TestCatalogue.all,
      overlays: Pipeline.Overlays(flags: flags, workingDirectory: Self.folder))
  }

  /// The file by itself, without flags, and what the program says of it.
  func judged() throws -> (SourceText, [Diagnostic]) {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(".plumb.yaml"))))
    let loaded = Pipeline.load(
      path: "\(name).plumb.yaml", catalogue: TestCatalogue.all, overlays: Pipeline.Overlays(workingDirectory: Self.folder))
    return (SourceText(name: name, directory: Self.folder, bytes: bytes), loaded.diagnostics)
  }

  /// The message that is expected.
  func expected() throws -> String { try String(contentsOfFile: path(".txt"), encoding: .utf8) }

  func write(_ message: String) throws { try message.write(toFile: path(".txt"), atomically: true, encoding: .utf8) }
}
