package import Basics

/// What was asked, every key, every digest, versions and timings of one run, as kept beside its report.
///
/// Format 2 names the keys of a cell `key` (over the contents of its inputs) and `recipe_key` (over their recipes), and says which
/// fields of which stages every axis fills. Format 1 called the latter `recipe` and knew no axes; it is read.
package struct RunRecord: Sendable, Hashable {
  package static let format = 2

  package enum Status: String, Sendable {
    case done, failed, interrupted
  }

  package var id: RunID
  package var status: Status
  package var pipeline: RecordedPipeline
  /// ISO 8601, UTC.
  package var started: String
  package var finished: String
  /// From start to end, by the clock.
  package var seconds: Double
  /// The command line.
  package var command: [String]
  package var lanes: Int
  /// What the numerics profile is made of, by name, and its digest; nil in what is not a whole record.
  package var profile: JSONValue
  package var profileDigest: Digest?
  /// Over all cells that evaluate a network; 0 when none did.
  package var flopsPerLaneSecond: Double
  /// The machine: its system, cores and memory.
  package var machine: [String: JSONValue]
  /// What outside of plumb could change how it runs, by name.
  package var environment: [String: String]
  /// In declared order; nil where the record was of format 1, which did not say.
  package var axes: [RecordedAxis]?
  /// What fields of a stage are about, where that is more than a setting: by the stage's name and the field's path below `with`.
  package var meanings: [String: [String: FieldMeaning]]
  /// In the order of the plan.
  package var cells: [RecordedCell]

  package init(
    id: RunID, status: Status, pipeline: RecordedPipeline, started: String, finished: String, seconds: Double, command: [String],
    lanes: Int, profile: JSONValue, profileDigest: Digest, flopsPerLaneSecond: Double, machine: [String: JSONValue],
    environment: [String: String], axes: [RecordedAxis], meanings: [String: [String: FieldMeaning]], cells: [RecordedCell]
  ) {
    self.id = id
    self.status = status
    self.pipeline = pipeline
    self.started = started
    self.finished = finished
    self.seconds = seconds
    self.command = command
    self.lanes = lanes
    self.profile = profile
    self.profileDigest = profileDigest
    self.flopsPerLaneSecond = flopsPerLaneSecond
    self.machine = machine
    self.environment = environment
    self.axes = axes
    self.meanings = meanings
    self.cells = cells
  }

  private enum Key: String {
    case format, id, status, pipeline, started, finished, seconds, command, lanes, profile, machine, environment, axes, meanings, cells
    case profileDigest = "profile_digest"
    case flopsPerLaneSecond = "flops_per_lane_second"
  }

  package var json: JSONValue {
    var fields: [Key: JSONValue] = [
      .format: JSONValue(Self.format), .id: .text(id.text), .status: .text(status.rawValue), .pipeline: pipeline.json,
      .started: .text(started), .finished: .text(finished), .seconds: .number(seconds), .command: .list(command.map(JSONValue.text)),
      .lanes: JSONValue(lanes), .profile: profile, .flopsPerLaneSecond: .number(flopsPerLaneSecond), .machine: .object(machine),
      .environment: .object(environment.mapValues(JSONValue.text)),
      .meanings: .object(meanings.mapValues { .object($0.mapValues { .text($0.rawValue) }) }), .cells: .list(cells.map(\.json)),
    ]
    fields[.profileDigest] = profileDigest.map { .text($0.hex) }
    fields[.axes] = axes.map { .list($0.map(\.json)) }
    return JSONValue(fields: fields)
  }

  /// Reads a record. Throws a `PlumbError` of kind `input` that says what is wrong with it.
  package init(json: JSONValue) throws {
    do {
      let fields = try Fields<Key>(json, of: "the record of a run")
      try ResultFormat.check(json, newest: Self.format, what: "the record of the run")
      id = try RunID(checking: fields.text(.id))
      status = try fields.required(.status, "done, failed or interrupted") { $0.text.flatMap(Status.init) }
      pipeline = try RecordedPipeline(json: fields[.pipeline] ?? .object([:]))
      started = try fields.optionalText(.started) ?? "?"
      finished = try fields.optionalText(.finished) ?? "?"
      seconds = try fields.optionalNumber(.seconds) ?? 0
      command = try fields.texts(.command)
      lanes = try fields.optionalInteger(.lanes) ?? 0
      profile = fields[.profile] ?? .null
      profileDigest = try fields.optionalDigest(.profileDigest)
      flopsPerLaneSecond = try fields.optionalNumber(.flopsPerLaneSecond) ?? 0
      machine = try fields.optionalObject(.machine) ?? [:]
      environment = (try fields.optionalObject(.environment) ?? [:]).compactMapValues(\.text)
      axes = try fields.optionalList(.axes)?.map { try RecordedAxis(json: $0) }
      meanings = (try fields.optionalObject(.meanings) ?? [:]).mapValues { stage in
        (stage.object ?? [:]).compactMapValues { $0.text.flatMap(FieldMeaning.init) }
      }
      cells = try fields.list(.cells).map { try RecordedCell(json: $0) }
    } catch var error as PlumbError {
      error.kind = .input
      throw error
    }
  }

  /// The profile's digest. Throws a `PlumbError` of kind `input` for a record without one: its results cannot be found.
  package func requiredProfile() throws -> Digest {
    guard let profileDigest else {
      throw PlumbError("the record of the run names no numerics profile", kind: .input, at: id.text)
    }
    return profileDigest
  }
}
