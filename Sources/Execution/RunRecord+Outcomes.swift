import ArtifactStore
import Basics
import Foundation
import PipelineLanguage
import Planning
import Results
import StageRuntime
import StageSchema

extension RunRecord {
  /// The record of a run that ended.
  init(
    id: RunID, workspace: Workspace, status: Status, started: Date, finished: Date, command: [String], plan: Plan, outcomes: [CellOutcome]
  ) {
    let measured = outcomes.filter { if case .computed = $0.ending { $0.cell.flopsToDo > 0 } else { false } }
    let (flops, seconds) = measured.reduce((0.0, 0.0)) { ($0.0 + $1.cell.flopsToDo, $0.1 + $1.seconds) }
    self.init(
      id: id, status: status, pipeline: RecordedPipeline(workspace), started: started.formatted(.iso8601),
      finished: finished.formatted(.iso8601), seconds: finished.timeIntervalSince(started), command: command, lanes: plan.lanes,
      profile: plan.profile.json, profileDigest: plan.profile.digest, flopsPerLaneSecond: seconds > 0 ? flops / seconds : 0,
      machine: [
        "system": .text(ProcessInfo.processInfo.operatingSystemVersionString),
        "cores": JSONValue(ProcessInfo.processInfo.activeProcessorCount),
        "memory": .integer(Int64(clamping: ProcessInfo.processInfo.physicalMemory)),
      ], environment: OutsideEnvironment.values, axes: workspace.pipeline.recordedAxes,
      meanings: workspace.pipeline.recordedMeanings, cells: Self.cells(outcomes, refused: plan.refused))
  }

  /// In the order of the pipeline.
  private static func cells(_ outcomes: [CellOutcome], refused: [PlanningIssue]) -> [RecordedCell] {
    let refused = Dictionary(grouping: refused, by: \.cell.id).map { id, issues in (id, RecordedCell(refused: issues[0].cell, issues)) }
    return (outcomes.map { ($0.cell.cell.id, RecordedCell($0)) } + refused).sorted { $0.0 < $1.0 }.map(\.1)
  }
}

extension RecordedPipeline {
  fileprivate init(_ workspace: Workspace) {
    let pipeline = workspace.pipeline
    self.init(
      path: workspace.request.file, name: pipeline.name, about: pipeline.about ?? "",
      text: String(decoding: pipeline.source.bytes, as: UTF8.self),
      parameters: Dictionary(
        pipeline.parameters.map { parameter in
          (parameter.name, parameter.isAxis ? .list(parameter.values.map(\.json)) : parameter.values.first?.json ?? .null)
        }, uniquingKeysWith: { first, _ in first }), request: workspace.request.recorded)
  }
}

extension RecordedCell {
  /// A cell that planning refused, of a run that went on without it: it has no keys.
  fileprivate init(refused cell: Cell, _ issues: [PlanningIssue]) {
    self.init(
      name: cell.name, stage: cell.stage, state: .failed,
      identity: RecordedIdentity(
        stage: cell.descriptor.name, version: cell.descriptor.version, uses: [:], with: cell.parameters.mapValues(\.json), files: [:],
        extent: [:]),
      coordinates: cell.recordedCoordinates, parameters: cell.parameters.mapValues(\.json), ownKey: nil, recipeKey: nil, key: nil,
      inputs: [:], outputs: nil, seconds: 0, blocks: 0, blocksComputed: 0, flops: nil,
      error: issues.map(\.issue.error.description).joined(separator: "; "))
  }

  fileprivate init(_ outcome: CellOutcome) {
    let planned = outcome.cell
    let (state, error): (State, String?) =
      switch outcome.ending {
      case .cached: (.cached, nil)
      case .computed: (.computed, nil)
      case .skipped: (.skipped, nil)
      case .failed(let error): (.failed, error.description)
      }
    self.init(
      name: planned.cell.name, stage: planned.cell.stage, state: state, identity: planned.identity.recorded,
      coordinates: planned.cell.recordedCoordinates,
      parameters: planned.cell.parameters.mapValues(\.json), ownKey: planned.identity.ownKey, recipeKey: planned.recipeKey,
      key: outcome.key, inputs: outcome.inputs, outputs: outcome.result?.outputs.mapValues(\.digest),
      seconds: (outcome.seconds * 1000).rounded() / 1000, blocks: planned.blocks?.total ?? 0, blocksComputed: outcome.blocksComputed,
      flops: outcome.flopsComputed, error: error, notes: outcome.notes)
  }
}

extension Cell {
  fileprivate var recordedCoordinates: [String: JSONValue] {
    Dictionary(coordinates.map { ($0.axis, $0.value.json) }, uniquingKeysWith: { first, _ in first })
  }
}
