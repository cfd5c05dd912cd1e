import ArgumentParser
import ArtifactStore
import Foundation

/// For commands that work on a store without a pipeline file.
struct StoreArguments: ParsableArguments {
  @Option(help: "The artifact store; else PLUMB_STORE, else Artifacts/ of the current folder or of one above it.")
  var store: String?

  func open() -> ArtifactStore {
    ArtifactStore.locate(
      flag: store, environment: ProcessInfo.processInfo.environment, pipelineFile: FileManager.default.currentDirectoryPath + "/.")
  }
}
