import Basics
import Foundation
import Testing

/// The main road: run, run again, change a little, stop, go on. Digests are compared through the run records.
@Suite(.serialized) struct RunTests {
  /// The newest run record of a store.
  private func record(_ folder: Program.Folder, store: String = "store") throws -> JSONValue {
    let runs = folder.files(below: "\(store)/runs").filter { $0.hasSuffix("run.json") }
    let newest = try #require(runs.last, "no run record in \(store)")
    return try JSONValue(contentsOf: "\(folder.path)/\(store)/runs/\(newest)")
  }

  /// Output digests by cell.
  private func digests(_ record: JSONValue) -> [String: JSONValue] {
    Dictionary(
      (record["cells"]?.list ?? []).map { ($0["name"]?.text ?? "?", $0["outputs"] ?? .null) }, uniquingKeysWith: { first, _ in first })
  }

  private func computed(_ record: JSONValue) -> [String] {
    (record["cells"]?.list ?? []).filter { $0["state"]?.text == "computed" }.compactMap { $0["name"]?.text }.sorted()
  }

  @discardableResult
  private func run(_ folder: Program.Folder, _ file: String, store: String = "store", _ more: [String] = []) throws -> JSONValue {
    let ending = try Program.run(["run", file, "--store", "\(folder.path)/\(store)"] + more, in: folder.path)
    try #require(ending.status == 0, "run ended with \(ending.status): \(ending.errors)")
    return try record(folder, store: store)
  }

  @Test func aSecondRunComputesNothingAndAChangedLambdaComputesItsCellsOnly() throws {
    let folder = try Program.Folder()
    let file = try folder.write(SmallPipeline.text(), to: "p.plumb.yaml")
    let first = try run(folder, file)
    #expect(first["status"]?.text == "done")
    let again = try run(folder, file)
    #expect(computed(again) == [], "everything is in the store")
    #expect(digests(first) == digests(again))
    let plan = try Program.run(["plan", file, "--check", "--store", "\(folder.path)/store"], in: folder.path)
    #expect(plan.status == 0, "plan --check of a cached pipeline: \(plan.output)")

    let changed = try folder.write(SmallPipeline.text(scaling: "[{k: 0, b: 1.0}, {k: 0, b: 1.03}]"), to: "p.plumb.yaml")
    let toDo = try Program.run(["plan", changed, "--check", "--store", "\(folder.path)/store"], in: folder.path)
    #expect(toDo.status == 3)
    let explained = try Program.run(["explain", changed, "sample[scaling.b=1.03]", "--store", "\(folder.path)/store"], in: folder.path)
    #expect(explained.output.contains("epsilon_scaling.b"), "explain names the field that differs: \(explained.output)")
    let third = try run(folder, changed)
    #expect(
      computed(third) == [
        "delta[scaling.b=1.03]", "sample[scaling.b=1.03]", "score.samples[scaling.b=1.03]", "score[scaling.b=1.03]", "table",
      ])
  }

  @Test func moreSamplesComputeOnlyTheNewBlocksAndGiveTheBitsOfALongRun() throws {
    let folder = try Program.Folder()
    let file = try folder.write(SmallPipeline.text(samples: 64), to: "p.plumb.yaml")
    try run(folder, file)
    // 64 -> 150: the two full blocks of 32 stay; three are new, the last of them a tail of 22.
    let longer = try folder.write(SmallPipeline.text(samples: 150), to: "p.plumb.yaml")
    let grown = try run(folder, longer)
    let sample = try #require((grown["cells"]?.list ?? []).first { $0["name"]?.text == "sample[scaling.b=1]" })
    #expect(sample["blocks"]?.integer == 5)
    #expect(sample["blocks_computed"]?.integer == 3)
    let whole = try run(folder, longer, store: "other")
    #expect(digests(grown) == digests(whole), "a grown run and a run in one go differ")
  }

  @Test func laneCountDoesNotChangeABit() throws {
    let folder = try Program.Folder()
    let file = try folder.write(SmallPipeline.text(), to: "p.plumb.yaml")
    let one = try run(folder, file, store: "one", ["--lanes", "1"])
    let three = try run(folder, file, store: "three", ["--lanes", "3"])
    #expect(digests(one) == digests(three))
  }

  @Test func anInterruptedRunEndsWith130AndTheNextGoesOnFromThere() throws {
    let folder = try Program.Folder()
    let file = try folder.write(SmallPipeline.text(samples: 640, steps: 8), to: "p.plumb.yaml")
    let arguments = ["run", file, "--store", "\(folder.path)/store"]
    let program = try Program(arguments, in: folder.path)
    while program.isRunning && folder.files(below: "store/results").count < 12 { usleep(5_000) }
    program.send(SIGINT)
    let ending = program.finish()
    #expect(ending.status == 130, "SIGINT: \(ending.errors)")
    let interrupted = try record(folder)
    #expect(interrupted["status"]?.text == "interrupted")
    let resumed = try run(folder, file)
    let blocks = (resumed["cells"]?.list ?? []).reduce(into: (computed: 0, total: 0)) {
      $0.computed += $1["blocks_computed"]?.integer ?? 0
      $0.total += $1["blocks"]?.integer ?? 0
    }
    #expect(blocks.computed < blocks.total, "no block of the interrupted run was used")
    let undisturbed = try run(folder, file, store: "other")
    #expect(digests(resumed) == digests(undisturbed))
  }

  @Test func tenKillsAtRandomMomentsChangeNoDigest() throws {
    let folder = try Program.Folder()
    let file = try folder.write(SmallPipeline.text(samples: 320, steps: 6), to: "p.plumb.yaml")
    let arguments = ["run", file, "--store", "\(folder.path)/store"]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<10 {
      let program = try Program(arguments, in: folder.path)
      usleep(UInt32.random(in: 5_000...400_000, using: &generator))
      program.send(SIGKILL)
      _ = program.finish()
    }
    let finished = try run(folder, file)
    let undisturbed = try run(folder, file, store: "other")
    #expect(digests(finished) == digests(undisturbed))
  }

  @Test func withKeepGoingWhatDoesNotDependOnAFailureIsComputed() throws {
    let folder = try Program.Folder()
    // Two stages of one key: both end with the failure of the one that ran.
    var text = SmallPipeline.text(samples: 8)
    let pinned = String(repeating: "0", count: 64)
    let weights = text.split(separator: "\n").drop { !$0.hasPrefix("  weights:") }.prefix { !$0.hasPrefix("  images:") }
    let twin = weights.joined(separator: "\n").replacingOccurrences(of: "  weights:", with: "  twin:")
    text = text.replacingOccurrences(of: "  images: {uses", with: twin + "\n  images: {uses")
      .replacingOccurrences(of: "digits-adm.pt", with: "digits-adm.pt\n      sha256: \(pinned)")
      .replacingOccurrences(of: "default: [table]", with: "default: [table, twin, images]")
    let file = try folder.write(text, to: "p.plumb.yaml")
    let ending = try Program.run(["run", file, "--keep-going", "--store", "\(folder.path)/store"], in: folder.path)
    #expect(ending.status == 1, "\(ending.errors)")
    #expect(ending.errors.contains(pinned), "the failure says what was expected: \(ending.errors)")
    let states = Dictionary(
      (try record(folder)["cells"]?.list ?? []).map { ($0["name"]?.text ?? "?", $0["state"]?.text ?? "?") },
      uniquingKeysWith: { first, _ in first })
    #expect(
      states["weights"] == "failed" && states["twin"] == "failed" && states["images"] == "computed" && states["table"] == "skipped",
      "\(states)")
  }

  @Test func aDamagedObjectIsSetAsideAndComputedAgain() throws {
    let folder = try Program.Folder()
    let file = try folder.write(SmallPipeline.text(), to: "p.plumb.yaml")
    let first = try run(folder, file)
    // Flip a byte of every object, lengths unchanged, and make the table to do again so that objects are read.
    for name in folder.files(below: "store/objects") {
      let path = "\(folder.path)/store/objects/\(name)"
      var bytes = try AtomicFile.read(path)
      guard !bytes.isEmpty else { continue }
      bytes[bytes.count / 2] ^= 1
      chmod(path, 0o644)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    let more = try folder.write(SmallPipeline.text(scaling: "[{k: 0, b: 1.0}, {k: 0, b: 1.02}, {k: 0, b: 1.05}]"), to: "p.plumb.yaml")
    let repaired = try run(folder, more)
    let before = digests(first)
    for (cell, outputs) in digests(repaired) where cell != "table" && before[cell] != nil {
      #expect(outputs == before[cell], "\(cell) after repair")
    }
    #expect(!folder.files(below: "store/quarantine").isEmpty)
  }
}
