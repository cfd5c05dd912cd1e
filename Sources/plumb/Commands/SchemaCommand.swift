import ArgumentParser
import Basics
import PipelineLanguage
import StageSchema
import Stages

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of pipeline files, for editors.")

  mutating func run() throws {
    let schema = PipelineSchema.json(catalogue: StageTable.plumbline.descriptors)
    Output.standard.print(schema)
  }
}
