import Foundation
import StageSchema
import Stages
import Testing

/// The pages about stages, as a shell prints them.
@Suite struct StageManualTests {
  @Test func aPageNamesEveryPortAndField() throws {
    for stage in StageTable.plumbline.descriptors {
      let ending = try Program.run(["help", stage.name], in: NSTemporaryDirectory())
      #expect(ending.status == 0, "\(ending.errors)")
      let page = ending.output
      #expect(page.hasPrefix("\(stage.name), version \(stage.version)\n"), "\(page.prefix(200))")
      let names = stage.inputs.map(\.name) + stage.outputs.map(\.name) + fields(stage.parameters)
      let lines = Set(page.split(separator: "\n").map { $0.drop { $0 == " " }.prefix { $0 != ":" } }.map(String.init))
      for name in names { #expect(lines.contains(name), "the page of \(stage.name) lacks \(name):\n\(page)") }
    }
  }

  @Test func theListNamesEveryStageAndAMisspeltOneIsSuggested() throws {
    let list = try Program.run(["stages"], in: NSTemporaryDirectory()).output
    for stage in StageTable.plumbline.descriptors { #expect(list.contains("\n\(stage.name) "), "\(list)") }
    let ending = try Program.run(["stages", "mesure-delta"], in: NSTemporaryDirectory())
    #expect(ending.status == 2 && ending.errors.contains("did you mean 'measure-delta'?"), "\(ending.errors)")
  }

  @Test func helpOnACommandIsTheCommands() throws {
    #expect(try Program.run(["help", "plan"], in: NSTemporaryDirectory()).output.contains("USAGE: plumb plan"))
  }

  private func fields(_ fields: [ParameterField]) -> [String] {
    fields.flatMap { field -> [String] in
      if case .record(let inner) = field.type { return [field.name] + self.fields(inner) }
      return [field.name]
    }
  }
}
