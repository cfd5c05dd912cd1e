import ArtifactStore
import Basics
import StageRuntime
import StageSchema

/// Gathers scores and curves over the axes of a sweep into one table, rows in the declared order.
struct Table: WholeStage {
  static let descriptor = StageDescriptor(
    name: "table", version: 1, doc: "Gathers scores and curves over a sweep into one table.", inputs: [],
    openInputs: [.scores, .curve], outputs: [OutputPort("table", .table, doc: "One row per gathered cell.")], parameters: [])

  init(parameters: StageParameters) throws {}

  func infer(_ inputs: FactInputs) throws -> StageInference { StageInference(outputs: ["table": ResultFacts()]) }

  func cost(_ inputs: FactInputs) throws -> StageCost { StageCost(outputBytes: 64 << 10) }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    var rows: [(label: String, coordinates: [(axis: String, value: ParameterValue)], values: [String: JSONValue])] = []
    var shared: [String: JSONValue] = [:]
    var axes: [String] = []
    for (port, items) in inputs.items.sorted(by: { $0.key < $1.key }) {
      for item in items {
        let value = try JSONValue(parsing: context.store.read(item.artifact.part("data")))
        if item.coordinates.isEmpty {
          shared[port] = value
          continue
        }
        for (axis, _) in item.coordinates where !axes.contains(axis) { axes.append(axis) }
        if let row = rows.firstIndex(where: { $0.label == item.label }) {
          rows[row].values[port] = value
        } else {
          rows.append((item.label, item.coordinates, [port: value]))
        }
      }
    }
    let table: JSONValue = [
      "kind": "table", "axes": .list(axes.map(JSONValue.text)), "shared": .object(shared),
      "rows": .list(
        rows.map { row in
          [
            "label": .text(row.label), "values": .object(row.values),
            "coordinates": .object(Dictionary(row.coordinates.map { ($0.axis, $0.value.json) }, uniquingKeysWith: { first, _ in first })),
          ]
        }),
    ]
    return ["table": try context.store.putJSON(table, type: .table)]
  }
}
