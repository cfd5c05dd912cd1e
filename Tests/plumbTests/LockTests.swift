import Basics
import Foundation
import Testing

/// `lock` writes what a pipeline resolved to; `run --locked` refuses whatever differs, by name.
@Suite struct LockTests {
  private let folder: Program.Folder
  private let file: String

  init() throws {
    folder = try Program.Folder()
    file = try folder.write(SmallPipeline.text(samples: 16), to: "p.plumb.yaml")
  }

  private func plumb(_ arguments: String...) throws -> Program.Ending {
    try Program.run(arguments + ["--store", "\(folder.path)/store"], in: folder.path)
  }

  @Test func aRunThatIsAsLockedGoesThroughAndItsOutputsAreHeldToTheLock() throws {
    #expect(try plumb("lock", file).status == 0)
    #expect(try plumb("run", file, "--locked").status == 0, "a lock without outputs holds the rest")
    #expect(try plumb("lock", file).status == 0)
    #expect(try plumb("run", file, "--locked").status == 0)

    // Another digest under an output: what came out is not what was locked.
    let path = "\(folder.path)/p.plumb.lock"
    var text = try String(contentsOfFile: path, encoding: .utf8)
    let lock = try JSONValue(contentsOf: path)
    let digest = try #require(lock["cells"]?["table"]?["outputs"]?["table"]?.text)
    text = text.replacing(digest, with: String(repeating: "0", count: 64))
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let ending = try plumb("run", file, "--locked")
    #expect(ending.status == 1)
    #expect(ending.errors.contains("output table.table: locked 000"), "\(ending.errors)")
  }

  @Test func everyDifferenceIsNamedBeforeAnythingRuns() throws {
    try #require(try plumb("lock", file).status == 0)
    let flags = try plumb("run", file, "--locked", "--set", "samples=24")
    #expect(flags.status == 2)
    #expect(flags.errors.contains("flags: locked none, now --set samples=24"), "\(flags.errors)")
    #expect(flags.errors.contains(".extent.samples: locked 16, now 24"), "\(flags.errors)")

    _ = try folder.write("# a comment\n" + SmallPipeline.text(samples: 16), to: "p.plumb.yaml")
    let text = try plumb("run", file, "--locked")
    #expect(text.status == 2)
    #expect(text.errors.contains("file p.plumb.yaml: locked "), "\(text.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/store/runs"), "nothing ran")
  }

  @Test func aLockThatIsNotOneIsToldWithItsPath() throws {
    let missing = try plumb("run", file, "--locked")
    #expect(missing.status == 2 && missing.errors.contains("p.plumb.lock: there is no lock"), "\(missing.errors)")
    _ = try folder.write("{\"format\": 1, \"pipeline\": 3}", to: "p.plumb.lock")
    let damaged = try plumb("run", file, "--locked")
    #expect(damaged.status == 2 && damaged.errors.contains("p.plumb.lock: the lock cannot be read"), "\(damaged.errors)")
  }

  @Test func importsAndParameterFilesAreLockedToo() throws {
    _ = try folder.write(
      "plumb: 1\nname: main\nuse: {small: {file: p.plumb.yaml, params: {samples: $n}}}\nparams: {n: 16}\n", to: "m.plumb.yaml")
    let main = "\(folder.path)/m.plumb.yaml"
    _ = try folder.write("n: 8\n", to: "quick.yaml")
    try #require(try plumb("lock", main, "--params", "quick.yaml").status == 0)
    let lock = try JSONValue(contentsOf: "\(folder.path)/m.plumb.lock")
    #expect(lock["files"]?.list?.compactMap { $0["name"]?.text } == ["m.plumb.yaml", "p.plumb.yaml", "quick.yaml"])
    _ = try folder.write("n: 9\n", to: "quick.yaml")
    let ending = try plumb("run", main, "--params", "quick.yaml", "--locked")
    #expect(ending.status == 2 && ending.errors.contains("file quick.yaml: locked"), "\(ending.errors)")
  }
}
