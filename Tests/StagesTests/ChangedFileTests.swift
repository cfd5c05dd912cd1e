import ArtifactStore
import Basics
import EngineCPU
import Execution
import Foundation
import Pictures
import Planning
import StageRuntime
import StageSchema
import Stages
import Testing

/// Files outside of the store that change after a run was planned: a key is what it says, so nothing is kept.
@Suite struct ChangedFileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The stage, `FILE` standing for the file that changes.
    let stage: String
    let original: @Sendable () throws -> [UInt8]
    /// What the file is called in its folder.
    let name: String
  }

  static func shipped(_ name: String) -> @Sendable () throws -> [UInt8] { { try AtomicFile.read(TinyRun.digits + "/" + name) } }

  static let cases = [
    Case(
      testDescription: "load-weights",
      stage: """
        {uses: load-weights, with: {file: FILE, config: {image_size: 8, num_head_channels: 32, use_new_attention_order: true}, \
        process: {noise_schedule: cosine}}}
        """, original: shipped("digits-adm.pt"), name: "ema.pt"),
    Case(
      testDescription: "load-features", stage: "{uses: load-features, with: {file: FILE, architecture: digits-features}}",
      original: shipped("digits-features.pt"), name: "features.pt"),
    Case(
      testDescription: "load-dataset", stage: "{uses: load-dataset, with: {file: FILE}}", original: shipped("digits.npz"),
      name: "digits.npz"),
    Case(
      testDescription: "load-samples", stage: "{uses: load-samples, with: {file: FILE, array: images, layout: nchw}}",
      original: shipped("digits.npz"), name: "samples.npz"),
    Case(
      testDescription: "command's script",
      stage: "{uses: command, with: {script: FILE, run: [sh, program.sh], outputs: {scores: s.json}}}",
      original: { Array("echo '{\"metrics\": {\"x\": 1}}' > s.json\n".utf8) }, name: "program.sh"),
    Case(
      testDescription: "command's files",
      stage: "{uses: command, with: {files: [FILE], run: [sh, program.sh], outputs: {scores: s.json}}}",
      original: { Array("echo '{\"metrics\": {\"x\": 1}}' > s.json\n".utf8) }, name: "program.sh"),
  ]

  private func with<Result>(_ stage: String, _ name: String, _ bytes: [UInt8], _ body: (Workspace, String) throws -> Result) throws
    -> Result
  {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-changed-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/" + name
    try AtomicFile.makeDirectory((path as NSString).deletingLastPathComponent)
    try AtomicFile.write(bytes, to: path)
    let text = """
      plumb: 1
      name: changed
      stages:
        it: \(stage.replacingOccurrences(of: "FILE", with: path).replacingOccurrences(of: "FOLDER", with: (path as NSString).deletingLastPathComponent))
      default: [it]
      """
    try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
    return try body(
      Workspace(.init(file: folder + "/p.plumb.yaml", store: folder + "/store", lanes: 1), catalogue: StageTable.plumbline), path)
  }

  /// Runs, with `change` between plan and work; the error of the one cell.
  private func failure(_ workspace: Workspace, _ change: () throws -> Void) throws -> String {
    let run = PipelineRun(workspace: workspace, command: [])
    let finished = try run.run(
      history: workspace.history(), cancellation: Cancellation(),
      planned: { _ in
        try change()
        return { _ in }
      }, idle: { _ in })
    #expect(finished.status == .failed)
    guard case .failed(let error)? = finished.outcomes.first?.ending else { return "no error" }
    return error.description
  }

  /// A byte of what is data in all of them: none of a zip's directories, and where it is text a comment's.
  private func changed(_ bytes: [UInt8]) -> [UInt8] {
    var other = bytes
    other[bytes.count / 2] ^= 1
    return other
  }

  @Test(arguments: cases) func `a file replaced between plan and run is refused by name, and nothing is published`(_ it: Case) throws {
    let bytes = try it.original()
    try with(it.stage, it.name, bytes) { workspace, path in
      let other = changed(bytes)
      let said = try failure(workspace) { try AtomicFile.write(other, to: path) }
      for word in [path, Digest(of: bytes).hex, Digest(of: other).hex] { #expect(said.contains(word), "\(said)") }
      #expect(try workspace.store.statistics().results.files == 0)
    }
  }

  @Test func `a folder of samples of which one changes is refused, and nothing is published`() throws {
    let picture = try PNGImage(width: 1, height: 1, channels: 1, pixels: [0]).encoded()
    try with("{uses: load-samples, with: {folder: FOLDER}}", "pictures/1.png", picture) { workspace, path in
      let said = try failure(workspace) { try AtomicFile.write(picture, to: (path as NSString).deletingLastPathComponent + "/2.png") }
      #expect(said.contains("/pictures") && said.contains("sha256"), "\(said)")
      #expect(try workspace.store.statistics().results.files == 0)
    }
  }

  @Test func `a checkpoint that is written to while it is read is refused by name`() throws {
    let it = Self.cases[0]
    let bytes = try it.original()
    try with(it.stage, it.name, bytes) { workspace, path in
      let cell = try #require(workspace.plan(history: workspace.history()).cells.first)
      let stage = try #require(cell.stage as? any WholeStage)
      let other = changed(bytes)
      // Asked between two tensors.
      let context = StageContext(
        store: workspace.store, residents: Residents(on: DeviceNetworks(CPUDevice())),
        isCancelled: {
          // In place: the file that is open changes.
          if let file = FileHandle(forUpdatingAtPath: path) { file.write(Data(other)) }
          return false
        }, advanced: { _ in })
      let error = #expect(throws: PlumbError.self) { _ = try stage.run(StageInputs([:], files: cell.identity.files), in: context) }
      for word in [path, Digest(of: bytes).hex, Digest(of: other).hex] {
        #expect(error?.description.contains(word) == true, "\(error as Any)")
      }
      #expect(try workspace.store.statistics().objects.files == 0)
    }
  }

  @Test func `a checkpoint replaced while it is read is read to its end`() throws {
    let it = Self.cases[0]
    let bytes = try it.original()
    try with(it.stage, it.name, bytes) { workspace, path in
      let cell = try #require(workspace.plan(history: workspace.history()).cells.first)
      let stage = try #require(cell.stage as? any WholeStage)
      let residents = Residents(on: DeviceNetworks(CPUDevice()))
      let quiet = StageContext(store: workspace.store, residents: residents, isCancelled: { false }, advanced: { _ in })
      let expected = try stage.run(StageInputs([:], files: cell.identity.files), in: quiet)
      let other = changed(bytes)
      let busy = StageContext(
        store: workspace.store, residents: residents,
        isCancelled: {
          // Another file gets the name; the one that is open stays what it was.
          try? AtomicFile.write(other, to: path)
          return false
        }, advanced: { _ in })
      #expect(try stage.run(StageInputs([:], files: cell.identity.files), in: busy) == expected)
    }
  }
}
