package import Basics

/// One cell of a run and what became of it.
package struct RecordedCell: Sendable, Hashable {
  package enum State: String, Sendable {
    case cached, computed, failed
    /// Not reached: an input failed, or the run ended before.
    case skipped
  }

  /// `sample[scaling.b=1.02]`.
  package var name: String
  /// The stage's name in the pipeline; its kind is in the identity.
  package var stage: String
  package var state: State
  package var identity: RecordedIdentity
  /// The value along each axis.
  package var coordinates: [String: JSONValue]
  /// Every field of the stage, defaults filled in.
  package var parameters: [String: JSONValue]
  /// The key without inputs: results of equal parameters agree in it.
  package var ownKey: Digest?
  /// The key over the recipes of the inputs: known before anything ran.
  package var recipeKey: Digest?
  /// The key over the contents of the inputs, under which the result is kept; nil when they never were complete.
  package var key: Digest?
  /// Content digests of the inputs by port, in gathered order.
  package var inputs: [String: [Digest]]
  /// Content digests of the outputs by port; nil when there is no result.
  package var outputs: [String: Digest]?
  /// Lane seconds spent on it, to the millisecond.
  package var seconds: Double
  package var blocks: Int
  package var blocksComputed: Int
  /// Floating point operations behind `seconds`; nil when that is not known.
  package var flops: Double?
  /// Why it failed.
  package var error: String?
  /// What a person should know of how it went: that it gave other bytes than before.
  package var notes: [String]

  package init(
    name: String, stage: String, state: State, identity: RecordedIdentity, coordinates: [String: JSONValue],
    parameters: [String: JSONValue], ownKey: Digest?, recipeKey: Digest?, key: Digest?, inputs: [String: [Digest]],
    outputs: [String: Digest]?, seconds: Double, blocks: Int, blocksComputed: Int, flops: Double?, error: String?,
    notes: [String] = []
  ) {
    self.name = name
    self.stage = stage
    self.state = state
    self.identity = identity
    self.coordinates = coordinates
    self.parameters = parameters
    self.ownKey = ownKey
    self.recipeKey = recipeKey
    self.key = key
    self.inputs = inputs
    self.outputs = outputs
    self.seconds = seconds
    self.blocks = blocks
    self.blocksComputed = blocksComputed
    self.flops = flops
    self.error = error
    self.notes = notes
  }

  /// What the identity does not say already: a record of thousands of cells repeats nothing.
  private var ownParameters: [String: JSONValue] {
    let known = identity.parameters
    return parameters.filter { known[$0.key] != $0.value }
  }

  private enum Key: String {
    case name, stage, state, identity, coordinates, parameters, key, inputs, outputs, seconds, blocks, flops, error, notes
    case ownKey = "own_key"
    case recipeKey = "recipe_key"
    /// What format 1 called it.
    case recipe
    case blocksComputed = "blocks_computed"
  }

  var json: JSONValue {
    var fields: [Key: JSONValue] = [
      .name: .text(name), .stage: .text(stage), .state: .text(state.rawValue), .identity: identity.json,
      .coordinates: .object(coordinates), .parameters: .object(ownParameters),
      .inputs: .object(inputs.mapValues { .list($0.map { .text($0.hex) }) }), .seconds: .number(seconds), .blocks: JSONValue(blocks),
      .blocksComputed: JSONValue(blocksComputed),
    ]
    fields[.ownKey] = ownKey.map { .text($0.hex) }
    fields[.recipeKey] = recipeKey.map { .text($0.hex) }
    fields[.key] = key.map { .text($0.hex) }
    fields[.outputs] = outputs.map { .object($0.mapValues { .text($0.hex) }) }
    fields[.flops] = flops.map(JSONValue.number)
    fields[.error] = error.map(JSONValue.text)
    if !notes.isEmpty { fields[.notes] = .list(notes.map(JSONValue.text)) }
    return JSONValue(fields: fields)
  }

  init(json: JSONValue) throws {
    let fields = try Fields<Key>(json, of: "a cell of a record")
    let name = try fields.text(.name)
    self.name = name
    do {
      identity = try RecordedIdentity(json: fields[.identity] ?? .object([:]))
      stage = try fields.optionalText(.stage) ?? identity.stage
      state = try fields.required(.state, "cached, computed, failed or skipped") { $0.text.flatMap(State.init) }
      coordinates = try fields.optionalObject(.coordinates) ?? [:]
      parameters = identity.parameters.merging(try fields.optionalObject(.parameters) ?? [:]) { $1 }
      ownKey = try fields.optionalDigest(.ownKey)
      recipeKey = try fields.optionalDigest(.recipeKey) ?? fields.optionalDigest(.recipe)
      key = try fields.optionalDigest(.key)
      inputs = try (fields.optionalObject(.inputs) ?? [:]).mapValues { value in
        guard let digests = value.list.flatMap({ Fields<Key>.all($0) { $0.text.flatMap { Digest(hex: $0) } } }) else {
          throw PlumbError("a cell of a record has an unreadable field", expected: "digests by port", found: value.brief)
        }
        return digests
      }
      outputs = fields[.outputs] == nil ? nil : try fields.digests(.outputs)
      seconds = try fields.optionalNumber(.seconds) ?? 0
      blocks = try fields.optionalInteger(.blocks) ?? 0
      blocksComputed = try fields.optionalInteger(.blocksComputed) ?? 0
      flops = try fields.optionalNumber(.flops)
      error = try fields.optionalText(.error)
      notes = (fields[.notes]?.list ?? []).compactMap(\.text)
    } catch let error as PlumbError {
      throw error.at(error.place.map { "cell \(name.printable(limit: 120)), \($0)" } ?? "cell \(name.printable(limit: 120))")
    }
  }
}
