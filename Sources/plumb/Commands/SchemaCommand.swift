import ArgumentParser
import PipelineLanguage
import StageSchema
import Stages

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of pipeline files, for editors.")

  mutating func run() throws {
    let schema = PipelineSchema.json(catalogue: StageTable.plumbline.descriptors)
    print(String(decoding: schema.encoded(pretty: true), as: UTF8.self), terminator: "")
  }
}
