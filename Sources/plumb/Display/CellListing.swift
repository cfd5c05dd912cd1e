import ArtifactStore
import Basics
import Planning
import Results
import StageSchema

/// One cell with everything resolved.
enum CellListing {
  static func text(_ planned: PlannedCell, _ plan: Plan) -> String {
    let cell = planned.cell
    var text = "\(cell.name)\n  stage   \(cell.descriptor.name), version \(cell.descriptor.version)\n  state   \(planned.state.label)\n"
    text += "  key     \(planned.semanticKey?.hex ?? "not known before its inputs are computed")\n"
    text += "  recipe key  \(planned.recipeKey.hex)\n"
    for (name, value) in cell.parameters.sorted(by: { $0.key < $1.key }) { text += "  with    \(name): \(value.label)\n" }
    for (port, sources) in inputs(planned, plan) { text += "  input   \(port): \(sources.joined(separator: ", "))\n" }
    for (port, artifact) in (planned.result?.outputs ?? [:]).sorted(by: { $0.key < $1.key }) {
      let bytes = artifact.parts.reduce(0) { $0 + $1.object.length }
      text += "  output  \(port): \(artifact.digest.hex) (\(artifact.parts.count) objects, \(Quantities.bytes(bytes)))\n"
    }
    return text
  }

  static func json(_ planned: PlannedCell, _ plan: Plan) -> JSONValue {
    [
      "name": .text(planned.cell.name), "stage": .text(planned.cell.descriptor.name), "version": JSONValue(planned.cell.descriptor.version),
      "state": .text(planned.state.label), "recipe_key": .text(planned.recipeKey.hex),
      "key": planned.semanticKey.map { .text($0.hex) } ?? .null, "identity": planned.identity.recorded.json,
      "parameters": .object(planned.cell.parameters.mapValues(\.json)),
      "inputs": .object(
        Dictionary(inputs(planned, plan).map { ($0.0, .list($0.1.map(JSONValue.text))) }, uniquingKeysWith: { first, _ in first })),
      "outputs": .object((planned.result?.outputs ?? [:]).mapValues { .text($0.digest.hex) }),
    ]
  }

  private static func inputs(_ planned: PlannedCell, _ plan: Plan) -> [(String, [String])] {
    let names = Dictionary(plan.cells.map { ($0.cell.id, $0.cell.name) }, uniquingKeysWith: { first, _ in first })
    return planned.cell.inputs.map { input in
      (input.port, input.sources.map { "\(names[$0.cell] ?? "?").\($0.output)" })
    }
  }
}
