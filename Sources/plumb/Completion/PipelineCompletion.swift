import ArgumentParser
import ArtifactStore
import Basics
import Execution
import Foundation
import PipelineLanguage
import Planning
import Results
import StageSchema
import Stages

/// What a shell offers for the words of a command: cells and stages of the pipeline that stands on the line, names that can be
/// set, runs of the store. Whatever is wrong, it offers nothing and says nothing.
enum PipelineCompletion {
  static let files = CompletionKind.file(extensions: ["yaml", "yml"])

  /// The stages there are, as `uses` names them.
  static let stageKinds = CompletionKind.list(StagesCommand.names)

  /// Stages, and once a name is complete the cells of it.
  static let cells = CompletionKind.custom { words, _, prefix in
    guard let table = pipeline(in: words).map({ CellExpander.expand($0).table }) else { return [] }
    return cells(of: table, beginning: prefix)
  }

  /// `NAME=` for every parameter, `STAGE.with.FIELD=` for every field.
  static let settings = CompletionKind.custom { words, _, prefix in
    guard let pipeline = pipeline(in: words) else { return [] }
    return settings(of: pipeline).filter { $0.hasPrefix(prefix) }
  }

  /// Runs of the store, newest first, and their tags.
  static let runs = CompletionKind.custom { words, _, prefix in
    let store = store(in: words)
    let ids = Array(store.runIDs.prefix(50))
    let tags = ids.flatMap { RunTags.of($0, in: store) }
    return ([RunReference.latest] + tags + ids.map(\.text)).filter { $0.hasPrefix(prefix) }.uniqued()
  }

  /// Stages and cells of the run that stands on the line, else of the newest.
  static let cellsOfRun = CompletionKind.custom { words, _, prefix in
    let store = store(in: words)
    let named = words.dropFirst(2).lazy.compactMap { try? RunReference.resolve($0, in: store) }.first
    guard let record = try? RunRecord.find(named?.text, in: store) else { return [] }
    let names = record.cells.map(\.name)
    return cells(names, stages: names.map { String($0.prefix { $0 != "[" }) }, beginning: prefix)
  }

  static func cells(of table: CellTable, beginning prefix: String) -> [String] {
    cells(table.cells.map(\.name), stages: table.pipeline.stages.filter { !$0.isImplied }.map(\.name), beginning: prefix)
  }

  /// All cells of a big sweep help nobody: first the stage, then its cells.
  private static func cells(_ names: [String], stages: [String], beginning prefix: String) -> [String] {
    let stage = prefix.prefix { $0 != "[" }
    let ofStage = stages.contains(String(stage)) ? names.filter { $0 == stage || $0.hasPrefix(stage + "[") } : []
    return (stages + ofStage).filter { $0.hasPrefix(prefix) }.uniqued()
  }

  static func settings(of pipeline: Pipeline) -> [String] {
    pipeline.parameters.map { $0.name + "=" }
      + pipeline.stages.filter { !$0.isImplied }.flatMap { stage in stage.descriptor.parameters.map { "\(stage.name).with.\($0.name)=" } }
  }

  private static func store(in words: [String]) -> ArtifactStore {
    let flag = words.firstIndex(of: "--store").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
    return ArtifactStore.locate(
      flag: flag, environment: ProcessInfo.processInfo.environment, pipelineFile: FileManager.default.currentDirectoryPath + "/.")
  }

  /// The first file on the line that reads as a pipeline; files imported by address are not fetched for it.
  private static func pipeline(in words: [String]) -> Pipeline? {
    let file = words.first { word in [".yaml", ".yml"].contains(where: word.hasSuffix) && FileManager.default.fileExists(atPath: word) }
    return file.flatMap { Pipeline.load(path: $0, catalogue: StageTable.plumbline.descriptors).pipeline }
  }
}

extension [String] {
  /// The elements at their first places.
  fileprivate func uniqued() -> [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
