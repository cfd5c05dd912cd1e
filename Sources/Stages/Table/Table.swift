import ArtifactStore
import Basics
import Results
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
    var table = GatheredTable(axes: [], shared: [:], rows: [])
    var places: [String: Int] = [:]
    for (port, items) in inputs.items.sorted(by: { $0.key < $1.key }) {
      for item in items {
        let value = StoredResult(try context.store.document(of: item.artifact))
        if item.coordinates.isEmpty {
          table.shared[port] = value
          continue
        }
        for (axis, _) in item.coordinates where !table.axes.contains(axis) { table.axes.append(axis) }
        if let row = places[item.label] {
          table.rows[row].values[port] = value
        } else {
          let coordinates = Dictionary(item.coordinates.map { ($0.axis, $0.value.json) }, uniquingKeysWith: { first, _ in first })
          places[item.label] = table.rows.count
          table.rows.append(GatheredTable.Row(label: item.label, coordinates: coordinates, values: [port: value]))
        }
      }
    }
    return ["table": try context.store.put(table, type: .table)]
  }
}
