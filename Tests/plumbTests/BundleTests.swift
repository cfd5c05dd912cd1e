import Basics
import Foundation
import Testing

/// A run in one file, carried to another folder and run, read and verified there.
@Suite struct BundleTests {
  private let folder: Program.Folder

  /// A run in `author/`, its digits beside the pipeline, and its bundle `b.plumb.zip`.
  init() throws {
    folder = try Program.Folder()
    try AtomicFile.makeDirectory("\(folder.path)/author/Artifacts")
    try FileManager.default.copyItem(atPath: Program.repository + "/Pipelines/digits", toPath: "\(folder.path)/author/digits")
    let text = SmallPipeline.text(samples: 16).replacing(Program.repository + "/Pipelines/digits", with: "digits")
    _ = try folder.write(text, to: "author/p.plumb.yaml")
    let run = try Program.run(["run", "p.plumb.yaml", "--set", "samples=24"], in: folder.path + "/author")
    try #require(run.status == 0, "\(run.errors)")
  }

  private func plumb(_ arguments: String...) throws -> Program.Ending { try Program.run(arguments, in: folder.path) }

  private func pack(_ more: String...) throws -> Program.Ending {
    try Program.run(["bundle", "--output", "../b.plumb.zip"] + more, in: folder.path + "/author")
  }

  @Test func aBundleRunsAndVerifiesWhereNothingElseIs() throws {
    let packed = try pack()
    try #require(packed.status == 0, "\(packed.errors)")
    try FileManager.default.removeItem(atPath: "\(folder.path)/author")
    let unpacked = try plumb("unpack", "b.plumb.zip", "referee")
    try #require(unpacked.status == 0, "\(unpacked.errors)")
    #expect(unpacked.output.contains("plumb run referee/p.plumb.yaml --set 'samples=24'"), "\(unpacked.output)")

    let verified = try Program.run(["verify"], in: folder.path + "/referee")
    #expect(verified.status == 0 && verified.output.contains("equal to the bit"), "\(verified.output)\(verified.errors)")
    let locked = try Program.run(["run", "p.plumb.yaml", "--set", "samples=24", "--locked"], in: folder.path + "/referee")
    #expect(locked.status == 0, "the lock came along and holds: \(locked.errors)")
    let fresh = try Program.run(
      ["run", "p.plumb.yaml", "--set", "samples=24", "--locked", "--store", "fresh"], in: folder.path + "/referee")
    #expect(fresh.status == 0, "computed from nothing, the outputs are the locked ones: \(fresh.errors)")
  }

  @Test func chosenArtifactsAndNoFilesMakeASmallBundleThatSaysWhatIsMissing() throws {
    let packed = try pack("--with", "table", "--without-files")
    try #require(packed.status == 0, "\(packed.errors)")
    #expect(packed.output.contains("digits/digits.npz (sha256 "), "\(packed.output)")
    let unpacked = try plumb("unpack", "b.plumb.zip")
    #expect(unpacked.status == 0 && unpacked.output.contains("not in the bundle: "), "\(unpacked.output)\(unpacked.errors)")
    #expect(folder.files(below: "b/Artifacts/objects").count == 1, "the table only")
  }

  @Test func aDamagedBundleLeavesNothing() throws {
    try #require(try pack().status == 0)
    let path = "\(folder.path)/b.plumb.zip"
    let good = try Data(contentsOf: URL(fileURLWithPath: path))
    for (name, damaged) in [("cut", good.prefix(good.count / 2)), ("empty", Data()), ("flipped", flipped(good))] {
      try damaged.write(to: URL(fileURLWithPath: path))
      let ending = try plumb("unpack", "b.plumb.zip", "referee")
      #expect([1, 2].contains(ending.status) && ending.errors.contains("error: "), "\(name): \(ending.errors)")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left.sorted() == ["author", "b.plumb.zip"], "\(name): \(left)")
    }
  }

  /// One bit of an object is other than it was.
  private func flipped(_ data: Data) -> Data {
    var copy = data
    copy[data.count / 2] ^= 1
    return copy
  }

  @Test func aFolderThatHoldsSomethingIsLeftAlone() throws {
    try #require(try pack().status == 0)
    let ending = try plumb("unpack", "b.plumb.zip", "author")
    #expect(ending.status == 2 && ending.errors.contains("the folder is not empty"), "\(ending.errors)")
  }

  @Test func aRunOfAnotherStateOfThePipelineIsNotPacked() throws {
    let path = "\(folder.path)/author/p.plumb.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("steps: 4", with: "steps: 3").write(toFile: path, atomically: true, encoding: .utf8)
    let ending = try pack()
    #expect(ending.status == 2 && ending.errors.contains("is not that of run"), "\(ending.errors)")
    let verify = try Program.run(["verify"], in: folder.path + "/author")
    #expect(verify.status == 2 && verify.errors.contains("is not that of run"), "\(verify.errors)")
  }
}
