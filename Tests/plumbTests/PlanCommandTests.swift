import Basics
import Foundation
import Testing

/// Looking before running, and comparing what was run, as a user does it.
@Suite struct PlanCommandTests {
  /// A folder with two runs: `base`, then `changed` with another seed.
  private func twoRuns() throws -> (folder: Program.Folder, file: String) {
    let folder = try Program.Folder()
    let file = try folder.write(SmallPipeline.text(samples: 64), to: "p.plumb.yaml")
    for (tag, flags) in [("base", []), ("changed", ["--set", "samples=96", "--set", "sample.with.seed=5"])] {
      let ending = try Program.run(["run", file, "--store", "\(folder.path)/store", "--tag", tag] + flags, in: folder.path)
      try #require(ending.status == 0, "\(ending.errors)")
    }
    return (folder, file)
  }

  private func plumb(_ folder: Program.Folder, _ arguments: String...) throws -> Program.Ending {
    try Program.run(arguments + ["--store", "\(folder.path)/store"], in: folder.path)
  }

  @Test func aBudgetIsHeldToBeforeAnythingStarts() throws {
    let folder = try Program.Folder()
    let file = try folder.write(SmallPipeline.text(samples: 64), to: "p.plumb.yaml")
    let unknown = try plumb(folder, "run", file, "--budget", "2h")
    #expect(unknown.status == 2 && unknown.errors.contains("run a small part"), "\(unknown.errors)")
    #expect(folder.files(below: "store").isEmpty, "a refused run left something behind")
    try #require(try plumb(folder, "run", file).status == 0)
    #expect(try plumb(folder, "plan", file, "--budget", "0.001s").status == 0, "a cached plan fits any budget")
    let refused = try plumb(folder, "run", file, "--set", "samples=400000", "--budget", "1s")
    #expect(refused.status == 2 && refused.errors.contains("at most 1.0 s") && refused.errors.contains("found about"), "\(refused.errors)")
    #expect(try plumb(folder, "run", file, "--set", "samples=96", "--budget", "1d").status == 0)
    let misread = try plumb(folder, "plan", file, "--budget", "soon")
    #expect(misread.status == 2 && misread.errors.contains("2h"), "\(misread.errors)")
  }

  @Test func thePlanAsJSONHasEveryCellWithItsRecipeAndItsCost() throws {
    let folder = try Program.Folder()
    let file = try folder.write(SmallPipeline.text(samples: 64), to: "p.plumb.yaml")
    let ending = try plumb(folder, "plan", file, "--format", "json", "--set", "train.with.samples=32")
    let plan = try JSONValue(parsing: Array(ending.output.utf8))
    let cells = try #require(plan["cells"]?.list)
    #expect(cells.count == 14)
    for cell in cells {
      #expect(cell["recipe_key"]?.text.flatMap { Digest(hex: $0) } != nil, "\(cell)")
      for field in ["name", "state", "evaluations", "flops", "bytes", "memory"] { #expect(cell[field] != nil, "no \(field) in \(cell)") }
    }
    #expect(cells.reduce(0) { $0 + ($1["evaluations"]?.integer ?? 0) } == plan["evaluations"]?.integer)
    #expect(plan["seconds"] == .null, "no rate was measured")
    #expect(plan["notes"]?.list?.first?.text?.contains("other stages keep $samples") ?? false, "\(plan["notes"] ?? .null)")
  }

  @Test func explainFollowsAnInputToWhatDiffersItself() throws {
    let (folder, file) = try twoRuns()
    let table = try plumb(folder, "explain", file, "table", "--set", "train.with.seed=9")
    #expect(table.output.contains("with.seed: 0 -> 9   (command line:1:"), "\(table.output)")
    #expect(table.output.contains("in train"), "\(table.output)")
    let grown = try plumb(folder, "explain", file, "delta[scaling.b=1]", "--set", "samples=160")
    #expect(grown.output.contains("3 of 5 blocks are there"), "\(grown.output)")
    let json = try plumb(folder, "explain", file, "sample[scaling.b=1.02]", "--set", "sample.with.steps=5", "--format", "json")
    let difference = try #require(JSONValue(parsing: Array(json.output.utf8)).list?.first?["differences"]?.list?.first, "\(json.output)")
    #expect(difference["what"]?.text == "with.steps" && difference["before"]?.text == "4" && difference["now"]?.text == "5")
    #expect(difference["file"]?.text == "command line" && difference["column"]?.integer != nil)
  }

  @Test func explainNamesAFileWhoseContentChanged() throws {
    let folder = try Program.Folder()
    let features = Program.repository + "/Pipelines/digits/digits-features.pt"
    let copy = "\(folder.path)/features.pt"
    try FileManager.default.copyItem(atPath: features, toPath: copy)
    let text = "plumb: 1\nname: p\nstages:\n  features: {uses: load-features, with: {file: features.pt, architecture: digits-features}}\n"
    let file = try folder.write(text, to: "p.plumb.yaml")
    try #require(try plumb(folder, "run", file).status == 0)
    var bytes = try AtomicFile.read(copy)
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: copy))
    let explained = try plumb(folder, "explain", file)
    #expect(explained.output.contains("content of file:") && explained.output.contains("p.plumb.yaml:4:"), "\(explained.output)")
  }

  @Test func runsAreComparedTabledAndFoundByTheirTags() throws {
    let (folder, _) = try twoRuns()
    let diff = try plumb(folder, "diff", "base", "latest")
    #expect(diff.status == 0 && diff.output.contains("with.seed") && diff.output.contains(/with.seed +0 +->  5/), "\(diff.output)")
    #expect(diff.output.contains("samples  64  ->  96") && diff.output.contains("FD"), "\(diff.output)")
    let table = try plumb(folder, "runs", "--table", "fd,scaling,samples", "--format", "csv", "--tag", "base")
    let lines = table.output.split(separator: "\n")
    #expect(lines.first == "run,tags,fd,scaling.b,scaling.k,samples" && lines.count == 3, "\(table.output)\(table.errors)")
    // A run without scores has a row for each point of its axes.
    try #require(try plumb(folder, "run", "p.plumb.yaml", "sample", "--tag", "part").status == 0)
    let points = try plumb(folder, "runs", "--table", "samples,scaling.b", "--format", "csv", "--tag", "part")
    #expect(points.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",").last } == ["1.0", "1.02"], "\(points.output)")
    let misspelt = try plumb(folder, "runs", "--table", "scalng")
    #expect(misspelt.status == 2 && misspelt.errors.contains("scaling"), "\(misspelt.errors)")
    #expect(try plumb(folder, "runs", "tag", "base", "kept").output.contains("base kept"))
    #expect(try plumb(folder, "runs", "untag", "kept", "base").output.hasSuffix(": kept\n"))
    let gone = try plumb(folder, "diff", "base", "latest")
    #expect(gone.status == 2 && gone.errors.contains("there is no run base"), "\(gone.errors)")
    let ambiguous = try plumb(folder, "report", "20")
    #expect(ambiguous.status == 2 && ambiguous.errors.contains("several runs begin with 20"), "\(ambiguous.errors)")
  }

  @Test func `eight that tag one run at once all have their way, and damaged tags are not overwritten`() throws {
    let folder = try Program.Folder()
    _ = try folder.write(SmallPipeline.text(samples: 8), to: "p.plumb.yaml")
    try #require(try plumb(folder, "run", "p.plumb.yaml", "images").status == 0)
    let names = (1...8).map { "t\($0)" }
    let taggers = try names.map { try Program(["runs", "tag", "latest", $0, "--store", folder.path + "/store"], in: folder.path) }
    for ending in taggers.map({ $0.finish() }) { #expect(ending.status == 0, "\(ending.errors)") }
    let tagged = try plumb(folder, "runs", "tag", "t1", "again")
    #expect(tagged.output.hasSuffix(": again t1 t2 t3 t4 t5 t6 t7 t8\n"), "\(tagged)")

    // The list that earlier versions kept counts, until it is spread over files of its own.
    let run = try #require(folder.files(below: "store/runs").first { $0.hasSuffix("run.json") }).replacing("/run.json", with: "")
    let list = try folder.write("[\"older\", \"t1\"]", to: "store/runs/\(run)/tags.json")
    #expect(try plumb(folder, "runs", "untag", "older", "t1").output.hasSuffix(": again older t2 t3 t4 t5 t6 t7 t8\n"))
    #expect(!FileManager.default.fileExists(atPath: list))

    _ = try folder.write("[\"older\", \"t", to: "store/runs/\(run)/tags.json")
    for command in ["tag", "untag"] {
      let refused = try plumb(folder, "runs", command, run, "t2")
      #expect(refused.status == 1 && refused.errors.contains("tags.json"), "\(refused)")
    }
    #expect(try String(contentsOfFile: list, encoding: .utf8) == "[\"older\", \"t")
  }
}
