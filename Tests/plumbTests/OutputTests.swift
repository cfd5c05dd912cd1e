import Basics
import Foundation
import Testing

/// A reader that goes away, a full disk behind the output, a terminal that hangs up.
@Suite struct OutputTests {
  private let folder: Program.Folder

  init() throws {
    folder = try Program.Folder()
    _ = try folder.write(SmallPipeline.text(samples: 8), to: "p.plumb.yaml")
  }

  /// `plumb` in a line of the shell, with a store in the folder.
  private func shell(_ line: String) throws -> Program.Ending {
    try Program.shell(line.replacing("plumb ", with: "\"$PLUMB\" "), in: folder.path, environment: ["PLUMB_STORE": folder.path + "/store"])
  }

  private func record() throws -> JSONValue {
    let records = folder.files(below: "store/runs").filter { $0.hasSuffix("run.json") }
    let name = try #require(records.last, "no record of the run was left")
    return try JSONValue(parsing: AtomicFile.read("\(folder.path)/store/runs/\(name)"))
  }

  @Test(arguments: [
    "{ plumb run p.plumb.yaml --format json; echo $? >status; } | head -n 1",
    "plumb run p.plumb.yaml >&-; echo $? >status",
    "plumb run p.plumb.yaml 2>&-; echo $? >status",
    "plumb run p.plumb.yaml >&- 2>&- <&-; echo $? >status",
    "plumb run p.plumb.yaml --format json >/dev/full; echo $? >status",
    "plumb run p.plumb.yaml 2>/dev/full; echo $? >status",
    "{ plumb run p.plumb.yaml; echo $? >status; } 2>&1 | true",
  ])
  func `a run goes on when nobody hears it`(_ line: String) throws {
    let ending = try shell(line)
    let status = try String(contentsOfFile: folder.path + "/status", encoding: .utf8)
    #expect(status == "0\n", "\(line): \(ending.errors)")
    #expect(try record()["status"]?.text == "done", "\(line)")
    // Words that found no output went to no file of the store.
    let check = try shell("plumb verify --cell table; plumb run p.plumb.yaml")
    #expect(check.status == 0, "\(check.output)\(check.errors)")
    let states = try record()["cells"]?.list?.compactMap { $0["state"]?.text }
    #expect(states?.allSatisfy { $0 == "cached" } == true, "\(states ?? [])")
  }

  @Test(arguments: [
    "plan p.plumb.yaml", "check p.plumb.yaml", "show p.plumb.yaml", "show p.plumb.yaml --origins", "explain p.plumb.yaml --format json",
    "graph p.plumb.yaml", "runs", "stages", "stages sample", "schema", "doctor", "--help", "help plan", "inspect DIGITS",
  ])
  func `what could not be printed fails a command that only prints`(_ words: String) throws {
    let command = "plumb " + words.replacing("DIGITS", with: Program.repository + "/Pipelines/digits/digits-adm.pt")
    let full = try shell(command + " >/dev/full")
    #expect(full.status == 1 && full.errors.contains("standard output: not everything could be printed"), "\(full)")
    #expect(full.errors.split(separator: "\n").count == 1, "one message, not \(full.errors)")
    let closed = try shell(command + " >&-")
    #expect(closed.status == 1 && closed.errors.contains("standard output"), "\(closed)")
    let good = try shell(command)
    #expect(good.status == 0 && !good.output.isEmpty, "\(good)")
  }

  @Test func `a wrong command line keeps its status when nobody hears why`() throws {
    for line in ["plumb plan", "plumb plan absent.yaml", "plumb nonsense", "plumb plan absent.yaml --format json >/dev/full"] {
      #expect(try shell(line + " 2>/dev/full").status == 2, "\(line)")
      #expect(try shell(line + " 2>&-").status == 2, "\(line)")
    }
  }

  @Test func `a reader that has enough is not told of it`() throws {
    let ending = try shell("{ plumb schema; echo $? >status; } | head -c 1")
    #expect(ending.errors.isEmpty, "\(ending.errors)")
    #expect(try String(contentsOfFile: folder.path + "/status", encoding: .utf8) == "1\n")
  }

  @Test func `a terminal that hangs up interrupts a run, whose record is kept`() throws {
    let file = try folder.write(SmallPipeline.text(samples: 640, steps: 8), to: "long.plumb.yaml")
    let program = try Program(["run", file, "--store", folder.path + "/store"], in: folder.path)
    while program.isRunning && folder.files(below: "store/results").count < 8 { usleep(5_000) }
    // The shell and the kernel both tell of it.
    program.send(SIGHUP)
    program.send(SIGHUP)
    let ending = program.finish()
    #expect(ending.status == 130, "\(ending)")
    #expect(try record()["status"]?.text == "interrupted")
  }
}
