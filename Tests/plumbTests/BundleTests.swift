import Basics
import Checkpoints
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

  /// The pipeline of the author with other words in it, run and packed.
  private func repack(_ change: (String) throws -> String, run flags: [String] = [], _ more: String...) throws -> Program.Ending {
    let author = folder.path + "/author"
    let text = SmallPipeline.text(samples: 8).replacing(Program.repository + "/Pipelines/digits", with: "digits")
    _ = try folder.write(change(text), to: "author/p.plumb.yaml")
    let run = try Program.run(["run", "p.plumb.yaml"] + flags, in: author)
    try #require(run.status == 0, "\(run.errors)")
    return try Program.run(["bundle", "--output", "../b.plumb.zip"] + more, in: author)
  }

  @Test func `a bundle of a pipeline whose files lie elsewhere is refused, unless it is to be without them`() throws {
    let digits = folder.path + "/elsewhere"
    try FileManager.default.copyItem(atPath: folder.path + "/author/digits", toPath: digits)
    let file = "file: digits/digits-adm.pt"
    for (words, flags) in [
      ("file: \(digits)/digits-adm.pt", []), ("file: ../elsewhere/digits-adm.pt", []),
      (file, ["--set", "weights.with.file=digits/digits-adm.pt"]),
    ] {
      let ending = try repack({ $0.replacing(file, with: words) }, run: flags)
      #expect(
        ending.status == 2 && ending.errors.contains("digits-adm.pt") && ending.errors.contains("--without-files"), "\(words): \(ending)")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/b.plumb.zip"), "\(words)")
    }
    let without = try repack({ $0.replacing(file, with: "file: ../elsewhere/digits-adm.pt") }, "--without-files")
    #expect(without.status == 0 && without.output.contains("digits-adm.pt (sha256 "), "\(without)")
  }

  @Test func `the files of a program and a link come along under the names the pipeline has for them`() throws {
    let author = folder.path + "/author"
    try FileManager.default.moveItem(atPath: author + "/digits", toPath: folder.path + "/store-of-digits")
    try FileManager.default.createSymbolicLink(atPath: author + "/digits", withDestinationPath: folder.path + "/store-of-digits")
    _ = try folder.write("cat util.txt > s.json", to: "author/mine.sh")
    try AtomicFile.makeDirectory(author + "/parts")
    _ = try folder.write("{\"metrics\": {\"x\": 1}}", to: "author/parts/util.txt")
    let packed = try repack {
      $0.replacing(
        "default: [table]",
        with: """
            mine: {uses: command, with: {script: mine.sh, files: [parts/util.txt], run: [sh, mine.sh], outputs: {scores: s.json}}}
          default: [table, mine]
          """)
    }
    try #require(packed.status == 0, "\(packed)")
    try FileManager.default.removeItem(atPath: author)
    try FileManager.default.removeItem(atPath: folder.path + "/store-of-digits")
    try #require(try plumb("unpack", "b.plumb.zip", "referee").status == 0)
    let fresh = try Program.run(["run", "p.plumb.yaml", "--locked", "--store", "fresh"], in: folder.path + "/referee")
    #expect(fresh.status == 0, "\(fresh)")
  }

  @Test func `a link in a folder that leads back to it is not followed`() throws {
    let author = folder.path + "/author"
    // An 8 x 8 picture.
    let picture = try #require(
      Data(
        base64Encoded:
          "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAU0lEQVR4nAFIALf/AN2uPPuAcHybAGkM9ikOFH9NAP2nCIx2mN4h"
          + "AKgd8SoGmKHbAJqUMVLbYFNpAN7hLkK1w45SAL3S2IoHU2ClAGWKUIhzdayadYwf/99tcWQAAAAASUVORK5CYII="))
    try AtomicFile.makeDirectory(author + "/pictures/below")
    for name in ["pictures/1.png", "pictures/below/2.png"] { try AtomicFile.write(picture, to: "\(author)/\(name)") }
    let pipeline = """
      plumb: 1
      name: pictures
      stages: {pictures: {uses: load-samples, with: {folder: pictures}}}
      default: [pictures]
      """
    _ = try folder.write(pipeline, to: "author/p.plumb.yaml")
    let run = try Program.run(["run", "p.plumb.yaml"], in: author)
    try #require(run.status == 0, "\(run.errors)")
    try FileManager.default.createSymbolicLink(atPath: author + "/pictures/below/loop", withDestinationPath: "..")
    let packed = try pack()
    try #require(packed.status == 0, "\(packed)")
    try #require(try plumb("unpack", "b.plumb.zip", "referee").status == 0)
    #expect(folder.files(below: "referee/pictures") == ["1.png", "below/2.png"])
  }

  /// What a stranger hands over: the index and its digests are right, the record inside names a place outside.
  @Test(arguments: ["../../../x", "/tmp/x", "20261123-014155042-7f3a"])
  func `a bundle whose record has another id than its index is refused`(_ id: String) throws {
    try #require(try pack().status == 0)
    let zip = try ZipFolder(path: folder.path + "/b.plumb.zip")
    let members = try zip.names.map { name in
      var bytes = try #require(try zip.read(name))
      if name == "run.json", case .object(var fields) = try JSONValue(parsing: bytes) {
        fields["id"] = .text(id)
        bytes = JSONValue.object(fields).encoded()
      }
      return ZipFolder.Member(name, bytes)
    }
    try ZipFolder.write(folder.path + "/evil.plumb.zip", members)
    let ending = try plumb("unpack", "evil.plumb.zip", "referee")
    #expect(ending.status == 2 && ending.errors.contains(id), "\(ending)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/referee"))
  }
}
