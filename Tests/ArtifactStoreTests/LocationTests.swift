import ArtifactStore
import Foundation
import Testing

@Suite struct LocationTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    for path in ["project/Pipelines/deep", "project/Artifacts", "elsewhere/Pipelines"] {
      try FileManager.default.createDirectory(atPath: "\(folder.path)/\(path)", withIntermediateDirectories: true)
    }
  }

  private func root(flag: String? = nil, environment: [String: String] = [:], file: String) -> String {
    ArtifactStore.locate(flag: flag, environment: environment, pipelineFile: file, currentFolder: folder.path + "/elsewhere").root
  }

  @Test func theFlagComesFirstThenTheEnvironment() {
    let file = folder.path + "/project/Pipelines/a.plumb.yaml"
    #expect(root(flag: "here", environment: ["PLUMB_STORE": "/there"], file: file) == folder.path + "/elsewhere/here")
    #expect(root(flag: "/abs/../store", environment: ["PLUMB_STORE": "/there"], file: file) == "/store")
    #expect(root(environment: ["PLUMB_STORE": "there"], file: file) == folder.path + "/elsewhere/there")
    #expect(root(flag: "", environment: ["PLUMB_STORE": ""], file: file) == folder.path + "/project/Artifacts")
  }

  @Test func elseTheNearestArtifactsFolderAboveTheFile() throws {
    #expect(root(file: folder.path + "/project/Pipelines/deep/a.yaml") == folder.path + "/project/Artifacts")
    #expect(root(file: "../project/Pipelines/a.yaml") == folder.path + "/project/Artifacts")
    try FileManager.default.createDirectory(atPath: folder.path + "/project/Pipelines/Artifacts", withIntermediateDirectories: true)
    #expect(root(file: "../project/Pipelines/deep/a.yaml") == folder.path + "/project/Pipelines/Artifacts")
  }

  @Test func aFileOfThatNameIsNotAStore() throws {
    try Data().write(to: URL(fileURLWithPath: folder.path + "/project/Pipelines/Artifacts"))
    #expect(root(file: folder.path + "/project/Pipelines/a.yaml") == folder.path + "/project/Artifacts")
  }

  @Test func elseTheCurrentFolder() {
    #expect(root(file: "Pipelines/a.yaml") == folder.path + "/elsewhere/Artifacts")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/elsewhere/Artifacts"))
  }
}
