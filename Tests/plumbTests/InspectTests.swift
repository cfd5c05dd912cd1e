import Basics
import Checkpoints
import Foundation
import Testing

/// `plumb inspect` on files that are there and files that are not what they seem.
@Suite struct InspectTests {
  private let digits = "Pipelines/digits/digits-adm.pt"

  @Test func theShippedNetworkIsListedAndSummed() throws {
    let ending = try Program.run(["inspect", digits], in: Program.repository)
    #expect(ending.status == 0, "\(ending.errors)")
    let recipe = try JSONValue(contentsOf: Program.repository + "/Pipelines/digits/recipe.json")
    let parameters = try #require(recipe["adm"]?["parameters"]?.integer)
    let source = try CheckpointFile.open(Program.repository + "/" + digits)
    let digitsOnly = ending.output.replacingOccurrences(of: ",", with: "")
    #expect(digitsOnly.contains(" \(parameters) "), "the parameters are not summed")
    #expect(ending.output.hasPrefix("\(digits): torch zip, "))
    for entry in source.entries { #expect(ending.output.contains(" \(entry.name)\n")) }
    #expect(ending.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test func jsonSaysTheSame() throws {
    let ending = try Program.run(["inspect", digits, "--format", "json"], in: Program.repository)
    let found = try JSONValue(parsing: Array(ending.output.utf8))
    let source = try CheckpointFile.open(Program.repository + "/" + digits)
    #expect(found["tensors"]?.list?.compactMap { $0["name"]?.text } == source.entries.map(\.name))
    #expect(found["format"] == "torch zip")
    let bytes = try source.entries.reduce(0) { try $0 + $1.byteCount }
    #expect(found["totals"]?["bytes"]?.integer == bytes)
    #expect(found["by_dtype"]?["float32"]?["bytes"]?.integer == bytes)
    #expect(found["by_group"]?.object?.values.compactMap { $0["tensors"]?.integer }.reduce(0, +) == source.entries.count)
    #expect(found["networks"]?.list != nil)
  }

  @Test func aFilterKeepsWhatMatchesAndSaysOfHowMany() throws {
    let source = try CheckpointFile.open(Program.repository + "/" + digits)
    let matching = source.entries.filter { $0.name.contains("time_embed") }
    let ending = try Program.run(["inspect", digits, "--filter", "time_embed"], in: Program.repository)
    #expect(!matching.isEmpty && ending.output.components(separatedBy: "time_embed").count >= matching.count)
    #expect(!ending.output.contains("input_blocks.0.0.weight\n"))
    #expect(ending.output.contains("(of \(source.entries.count) tensors)"))
    let none = try Program.run(["inspect", digits, "--filter", "zzz"], in: Program.repository)
    #expect(none.status == 0 && none.output.contains("no tensor's name contains \"zzz\""))
  }

  @Test func plainValuesAreShown() throws {
    let ending = try Program.run(["inspect", "Tests/Golden/formats/torch_zip_nested/ldm_like.ckpt"], in: Program.repository)
    #expect(ending.output.contains("global_step: 8589934593\n"))
    #expect(ending.output.contains("hyper/f: 0.1\n"))
  }

  @Test func namesCannotSteerTheTerminal() throws {
    let folder = try Program.Folder()
    let bytes = try Safetensors.encode([("a\u{1B}[31mb\u{202E}", HostTensor(floats: [1], shape: [1]))], metadata: ["x\u{7}": "\u{1B}]0;t"])
    try AtomicFile.write(bytes, to: folder.path + "/x.safetensors")
    let ending = try Program.run(["inspect", "x.safetensors"], in: folder.path)
    #expect(ending.status == 0)
    #expect(ending.output.contains("a\\u{1b}[31mb\\u{202e}"))
    #expect(!ending.output.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
  }

  @Test(arguments: ["README.md", "no-such-file.pt", "Tests/Golden/formats/hostile/os_system.pt", "Sources"])
  func whatIsNoCheckpointIsAWrongArgument(file: String) throws {
    let ending = try Program.run(["inspect", file], in: Program.repository)
    #expect(ending.status == 2 && ending.output.isEmpty)
    #expect(ending.errors.hasPrefix("plumb: error: \(file)"), "\(ending.errors)")
    #expect(ending.errors.split(separator: "\n").count == 1)
  }
}
