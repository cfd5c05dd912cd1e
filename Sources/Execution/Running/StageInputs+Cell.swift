import ArtifactStore
import Basics
import PipelineLanguage
import Planning
import StageRuntime
import StageSchema

extension StageInputs {
  /// What flows into a cell, given the artifact of every source. Throws when one has none.
  init(of planned: PlannedCell, artifact: (CellSource) -> Artifact?) throws {
    let cell = planned.cell
    var items: [String: [StageInputs.Item]] = [:]
    for input in cell.inputs {
      items[input.port] = try input.sources.map { source in
        guard let artifact = artifact(source) else { throw PlumbError("input \(input.port) of \(cell.name) has no result") }
        return StageInputs.Item(
          coordinates: source.coordinates.map { (axis: $0.axis, value: $0.value) },
          label: source.coordinates.flatMap(\.labels).map { "\($0.field)=\($0.text)" }.joined(separator: ","), artifact: artifact)
      }
    }
    self.init(items, files: planned.identity.files)
  }
}
