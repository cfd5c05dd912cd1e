import ArgumentParser
import Basics
import PipelineLanguage
import StageSchema
import Stages

struct StagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stages", abstract: "List the stages a pipeline is made of, or explain one: its inputs, outputs and fields.",
    discussion: "'plumb help STAGE' is the same.")

  @Argument(help: "The stage, as 'uses' names it.", completion: PipelineCompletion.stageKinds) var stage: String?

  /// The names in `uses:`.
  static let names = StageTable.plumbline.descriptors.map(\.name)

  mutating func run() throws {
    let stages = StageTable.plumbline.descriptors
    guard let name = stage else {
      Output.standard.write(TextTable.render([["stage", "what it does"]] + stages.map { [$0.name, $0.doc] }))
      return
    }
    guard let stage = stages.first(where: { $0.name == name }) else {
      let near = NearestName.of(name, among: Self.names)
      throw PlumbError(
        "there is no stage called '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""), kind: .input, at: "plumb stages",
        expected: Self.names.joined(separator: ", "))
    }
    Output.standard.write(StageManual.page(stage))
  }
}
