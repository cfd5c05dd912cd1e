import Basics
import Foundation
import Testing

/// Messages in the format that was asked for, from every command that reads a pipeline.
@Suite struct FormatTests {
  private static let commands = ["check", "plan", "run", "explain", "show"]

  private func wrongFile(in folder: Program.Folder) throws -> String {
    let text = SmallPipeline.text().replacingOccurrences(of: "uses: score", with: "uses: scoer")
      .replacingOccurrences(of: "default:", with: "defualt:")
    return try folder.write(text, to: "wrong.plumb.yaml")
  }

  @Test(arguments: commands) func jsonIsOneListOnTheOutput(_ command: String) throws {
    let folder = try Program.Folder()
    _ = try wrongFile(in: folder)
    let ending = try Program.run([command, "wrong.plumb.yaml", "--format", "json"], in: folder.path)
    #expect(ending.status == 2)
    let notes = try #require(JSONValue(parsing: Array(ending.output.utf8)).list, "\(ending.output)")
    #expect(notes.map { $0["suggestion"]?.text } == ["score", "default"])
    for note in notes {
      #expect(note["file"]?.text == "wrong.plumb.yaml")
      #expect(note["severity"]?.text == "error")
      for field in ["code", "message"] { #expect(note[field]?.text?.isEmpty == false) }
      for field in ["line", "column", "endLine", "endColumn"] { #expect((note[field]?.integer ?? 0) > 0) }
    }
  }

  @Test(arguments: commands) func annotationsAreOneLineEach(_ command: String) throws {
    let folder = try Program.Folder()
    _ = try wrongFile(in: folder)
    let ending = try Program.run([command, "wrong.plumb.yaml", "--format", "github"], in: folder.path)
    #expect(ending.status == 2)
    let lines = ending.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.hasPrefix("::error file=wrong.plumb.yaml,line=") && $0.contains("did you mean") }, "\(ending.output)")
  }

  @Test func aGoodFileHasNoMessages() throws {
    let folder = try Program.Folder()
    let file = try folder.write(SmallPipeline.text(), to: "good.plumb.yaml")
    let json = try Program.run(["check", file, "--format", "json"], in: folder.path)
    #expect(json.status == 0)
    #expect(try JSONValue(parsing: Array(json.output.utf8)).list?.isEmpty == true)
    let github = try Program.run(["check", file, "--format", "github"], in: folder.path)
    #expect(github.status == 0)
    #expect(!github.output.contains("::"))
    let explained = try Program.run(["explain", file, "--format", "json"], in: folder.path)
    let cells = try #require(JSONValue(parsing: Array(explained.output.utf8)).list)
    #expect(cells.contains { $0["name"]?.text == "weights" && $0["state"]?.text != nil })
  }
}
