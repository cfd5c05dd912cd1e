import ArtifactStore
import Basics
import Foundation
import PipelineLanguage
import Planning
import StageRuntime

/// What was asked, every key, every digest, versions and timings of one run, as kept in `runs/`.
public struct RunRecord: Sendable {
  public enum Status: String, Sendable {
    case done, failed, interrupted
  }

  public let json: JSONValue

  public init(json: JSONValue) { self.json = json }

  public init(
    id: String, pipeline: RunSource, status: Status, started: Date, finished: Date, command: [String], plan: Plan, outcomes: [CellOutcome]
  ) {
    let evaluationsDone = outcomes.reduce(0.0) { total, outcome in
      if case .computed = outcome.ending { total + outcome.cell.flopsToDo } else { total }
    }
    let laneSeconds = outcomes.reduce(0.0) { total, outcome in
      if case .computed = outcome.ending, outcome.cell.flopsToDo > 0 { total + outcome.seconds } else { total }
    }
    json = [
      "format": 1, "id": .text(id), "status": .text(status.rawValue), "pipeline": pipeline.json,
      "started": .text(Self.timestamp(started)), "finished": .text(Self.timestamp(finished)),
      "seconds": .number(finished.timeIntervalSince(started)), "command": .list(command.map(JSONValue.text)),
      "lanes": JSONValue(plan.lanes), "profile": plan.profile.json, "profile_digest": .text(plan.profile.digest.hex),
      "flops_per_lane_second": .number(laneSeconds > 0 ? evaluationsDone / laneSeconds : 0),
      "machine": Self.machine, "environment": .object(OutsideEnvironment.values.mapValues { .text($0) }),
      "cells": .list(outcomes.map(Self.cell)),
    ]
  }

  /// ISO 8601, UTC.
  static func timestamp(_ date: Date) -> String {
    date.formatted(.iso8601)
  }

  private static var machine: JSONValue {
    [
      "system": .text(ProcessInfo.processInfo.operatingSystemVersionString),
      "cores": JSONValue(ProcessInfo.processInfo.activeProcessorCount),
      "memory": .integer(Int64(clamping: ProcessInfo.processInfo.physicalMemory)),
    ]
  }

  private static func cell(_ outcome: CellOutcome) -> JSONValue {
    let planned = outcome.cell
    var fields: [String: JSONValue] = [
      "name": .text(planned.cell.name), "stage": .text(planned.cell.stage), "identity": planned.identity.json,
      "own_key": .text(planned.identity.ownKey.hex), "recipe": .text(planned.recipeKey.hex),
      "coordinates": .object(
        Dictionary(planned.cell.coordinates.map { ($0.axis, $0.value.json) }, uniquingKeysWith: { first, _ in first })),
      "parameters": .object(planned.cell.parameters.mapValues(\.json)),
      "inputs": .object(outcome.inputs.mapValues { .list($0.map { .text($0.hex) }) }),
      "seconds": .number((outcome.seconds * 1000).rounded() / 1000), "blocks_computed": JSONValue(outcome.blocksComputed),
      "blocks": JSONValue(planned.blocks?.total ?? 0),
    ]
    if let flops = outcome.flopsComputed { fields["flops"] = .number(flops) }
    if let key = outcome.key { fields["key"] = .text(key.hex) }
    if let result = outcome.result {
      fields["outputs"] = .object(result.outputs.mapValues { .text($0.digest.hex) })
    }
    switch outcome.ending {
    case .cached: fields["state"] = "cached"
    case .computed: fields["state"] = "computed"
    case .skipped: fields["state"] = "skipped"
    case .failed(let error):
      fields["state"] = "failed"
      fields["error"] = .text(error.description)
    }
    return .object(fields)
  }
}

/// The pipeline file of a run, as recorded.
public struct RunSource: Sendable {
  public let path: String
  public let name: String
  public let about: String
  public let text: String
  /// Resolved values by parameter name.
  public let parameters: JSONValue
  /// What was asked: the file by absolute path, flags, parameter files and cells.
  public let request: JSONValue

  public init(path: String, name: String, about: String, text: String, parameters: JSONValue, request: JSONValue) {
    self.path = path
    self.name = name
    self.about = about
    self.text = text
    self.parameters = parameters
    self.request = request
  }

  var json: JSONValue {
    [
      "path": .text(path), "name": .text(name), "about": .text(about), "text": .text(text), "digest": .text(Digest(of: text).hex),
      "parameters": parameters, "request": request,
    ]
  }
}

extension RunRecord {
  public var id: String { json["id"]?.text ?? "?" }
  public var status: String { json["status"]?.text ?? "?" }
  public var cells: [JSONValue] { json["cells"]?.list ?? [] }
}
