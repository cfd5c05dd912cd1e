import ArtifactStore
import Basics
import Foundation
import StageRuntime
import StageSchema
import Synchronization

/// Stages that compute next to nothing, so that executing is tested alone: no engine, no network, no tensor.
enum ToyStages {
  static let table = StageTable([Numbers.self, Total.self], on: ToyDevice())

  struct Facts: PortFacts {}

  /// What a test wants to happen inside a stage, by the `mark` its pipeline gives it; and what happened there.
  static let hooks = Mutex<[String: @Sendable (Event) throws -> Void]>([:])

  /// Added to every number of a use: a stage that is not deterministic.
  static let extra = Mutex<[String: Int]>([:])

  enum Event: Sendable, Hashable {
    case block(Range<Int>)
    case merge
    case whole
  }

  static func tell(_ event: Event, at mark: String) throws {
    try hooks.withLock { $0[mark] }?(event)
  }
}

/// Blocks of four consecutive integers plus `offset`.
struct Numbers: BlockedStage {
  static let descriptor = StageDescriptor(
    name: "numbers", version: 1, doc: "Consecutive integers.", inputs: [],
    outputs: [OutputPort("numbers", .samples, doc: "One object a block.")],
    parameters: [
      ParameterField("samples", .integer(1...4_000_000_000), role: .extent, doc: "How many."),
      ParameterField("offset", .integer(0...1000), default: .integer(0), doc: "Added to each."),
      ParameterField("mark", .text, default: .text(""), role: .presentation, doc: "Names the use for a test."),
    ])
  static let blockSize = 4

  let extent: Range<Int>
  let offset: Int
  let mark: String

  init(parameters: StageParameters) throws {
    extent = 0..<(try parameters.integer("samples"))
    offset = try parameters.integer("offset")
    mark = try parameters.text("mark")
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    guard offset != 666 else { throw StageIssue(.parameter(["offset"]), "this offset cannot be used") }
    return StageInference(outputs: ["numbers": ToyStages.Facts()])
  }

  func cost(_ inputs: FactInputs) throws -> StageCost { StageCost(evaluations: 1, flopsPerEvaluation: 1000, laneBytes: 1 << 20) }

  func runBlock(_ range: Range<Int>, _ inputs: StageInputs, in context: StageContext) throws -> [String: [UInt8]] {
    try ToyStages.tell(.block(range), at: mark)
    try context.checkCancelled()
    context.advance(evaluations: range.count)
    return ["numbers": JSONValue(range.map { $0 + offset + (ToyStages.extra.withLock { $0[mark] } ?? 0) }).encoded()]
  }

  func merge(_ blocks: [FinishedBlock], _ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    try ToyStages.tell(.merge, at: mark)
    let parts = try blocks.map { Artifact.Part(name: "\($0.range.lowerBound)", object: try $0.object("numbers")) }
    return ["numbers": Artifact(type: PortType.samples.rawValue, parts: parts, facts: ["count": JSONValue(extent.count)])]
  }
}

/// The sum of what flows in, over all items.
struct Total: WholeStage {
  static let descriptor = StageDescriptor(
    name: "total", version: 1, doc: "The sum of numbers, times a factor.",
    inputs: [
      InputPort("numbers", [.samples], doc: "What is added up."),
      InputPort("after", [.scores], required: false, doc: "What is waited for."),
    ],
    outputs: [OutputPort("total", .scores, doc: "The sum.")],
    parameters: [
      ParameterField("factor", .integer(-1000...1000), default: .integer(1), doc: "What the sum is multiplied with."),
      ParameterField("mark", .text, default: .text(""), role: .presentation, doc: "Names the use for a test."),
    ])

  let factor: Int
  let mark: String

  init(parameters: StageParameters) throws {
    factor = try parameters.integer("factor")
    mark = try parameters.text("mark")
  }
  func infer(_ inputs: FactInputs) throws -> StageInference { StageInference(outputs: ["total": ToyStages.Facts()]) }
  /// A factor stands for a network of as many MiB.
  func cost(_ inputs: FactInputs) throws -> StageCost {
    guard factor > 1 else { return StageCost() }
    return StageCost(networks: [NetworkMemory(identity: Digest(of: "\(factor)"), weightBytes: factor << 20, arenaBytes: 0)])
  }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    try ToyStages.tell(.whole, at: mark)
    var sum = 0
    for item in inputs.items["numbers"] ?? [] {
      for part in item.artifact.parts {
        sum += try JSONValue(parsing: context.store.read(part.object)).list?.compactMap(\.integer).reduce(0, +) ?? 0
      }
    }
    let object = try context.store.put(JSONValue(sum * factor).encoded())
    return ["total": Artifact(type: PortType.scores.rawValue, parts: [Artifact.Part(name: "data", object: object)], facts: .null)]
  }
}
