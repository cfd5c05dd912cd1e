import ArgumentParser
import ArtifactStore
import Basics
import Downloads
import Execution
import Planning
import StageSchema

struct FetchCommand: LastingCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Download the files that a pipeline names by url and sha256, for planning and for work without a network.")

  @OptionGroup var pipeline: PipelineArguments

  mutating func run() throws {
    let workspace = try pipeline.open()
    let cancellation = Interruption.begin()
    var seen: Set<Digest> = []
    for cell in workspace.table.cells {
      let parameters = StageParameters(cell.parameters)
      guard let url = parameters.optionalText("url"), let sha256 = parameters.optionalText("sha256").flatMap({ Digest(hex: $0) }),
        seen.insert(sha256).inserted
      else { continue }
      let download = try Download(url: url, sha256: sha256, folder: workspace.store.downloads)
      let wasPresent = download.isPresent
      let isTerminal = Output.messages.isTerminal
      try download.fetch(
        progress: { if isTerminal { Output.messages.write("\r  \(Quantities.fetched($0.received, of: $0.total))  \(url)\u{1B}[K") } },
        isCancelled: { cancellation.isRequested })
      if isTerminal { Output.messages.write("\r\u{1B}[K") }
      Output.standard.print("\(wasPresent ? "present" : "fetched")  \(url)")
    }
    if seen.isEmpty { Output.standard.print("the pipeline names no file by url") }
  }
}
