import Foundation
import Testing

/// The README is run: every `./plumb …` line of its code blocks, in order, on a fresh store.
@Suite struct ReadmeTests {
  @Test func everyCommandWorksAsWritten() throws {
    // What the commands write stays out of the repository.
    let folder = try Program.Folder()
    for name in ["Pipelines", "Tests"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(name)", withDestinationPath: "\(Program.repository)/\(name)")
    }
    let readme = try String(contentsOfFile: Program.repository + "/README.md", encoding: .utf8)
    let commands = readme.split(separator: "\n").filter { $0.hasPrefix("./plumb ") }
    #expect(commands.count >= 7, "the README has lost its commands")
    for command in commands {
      let words = Self.words(String(command)).dropFirst()
      let ending = try Program(Array(words), in: folder.path, environment: ["PLUMB_STORE": folder.path + "/store"]).finish()
      #expect(ending.status == 0, "\(command): \(ending.errors)")
      #expect(!ending.output.isEmpty, "\(command) says nothing")
    }
  }

  /// The words of a shell line; single quotes are all the README uses.
  private static func words(_ line: String) -> [String] {
    var words: [String] = []
    for (position, part) in line.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
      if position % 2 == 1 { words.append(String(part)) } else { words += part.split(separator: " ").map(String.init) }
    }
    return words
  }
}
