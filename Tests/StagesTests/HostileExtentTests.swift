import Basics
import Foundation
import PipelineLanguage
import Planning
import StageSchema
import Stages
import Testing

/// Integers of a pipeline may be anything their range allows: each gives a plan or a message, and none ends the program.
@Suite struct HostileExtentTests {
  /// A stage of every kind with the least it needs, as inputs and as fields.
  private static let stages: [String: (inputs: String, with: ParameterValue)] = [
    "load-weights": ("{}", weights),
    "load-dataset": (
      "{}", ["file": .text("/absent.npz"), "sha256": .text(String(repeating: "0", count: 64)), "shape": .list([10, 1, 8, 8].map(integer))]
    ),
    "load-features": ("{}", ["file": .text(TinyRun.digits + "/digits-features.pt"), "architecture": .text("digits-features")]),
    "load-classifier": ("{}", ["file": .text("/absent.pt")]),
    "load-first-stage": ("{}", ["file": .text("/absent.pt")]),
    "load-noise": (
      "{}",
      ["file": .text(TinyRun.repository + "/Tests/Golden/dit/sample-cfg/tensors.safetensors"), "arrays": ["start": .text("noise_x_T")]]
    ),
    "load-samples": ("{}", ["file": .text(TinyRun.digits + "/digits.npz"), "array": .text("images"), "layout": .text("nchw")]),
    "encode-dataset": ("{first-stage: weights, dataset: images}", ["images": integer(8)]),
    "train-stats": ("{network: weights, dataset: images}", ["steps": integer(4), "samples": integer(8)]),
    "sample": ("{network: weights}", ["steps": integer(4), "samples": integer(8)]),
    "measure-delta": ("{network: weights, dataset: images}", ["steps": integer(4), "samples": integer(8)]),
    "score": ("{samples: made, reference: images, features: features}", [:]),
    "feature-statistics": ("{images: images, features: features}", [:]),
    "table": ("{score: scored}", [:]),
    "command": (
      "{}",
      [
        "run": .list([.text("true")]),
        "outputs": [
          "samples": ["file": .text("s.npz"), "count": integer(8), "image": .list([1, 8, 8].map(integer))]
        ],
      ]
    ),
  ]

  private static let weights: ParameterValue = [
    "file": .text(TinyRun.digits + "/digits-adm.pt"), "architecture": .text("adm-unet"),
    "config": [
      "image_size": integer(8), "in_channels": integer(1), "out_channels": integer(2), "model_channels": integer(32),
      "num_res_blocks": integer(1), "channel_mult": .list([1, 1, 2].map(integer)), "attention_resolutions": .list([2, 4].map(integer)),
      "num_head_channels": integer(32), "resblock_updown": .bool(true), "use_scale_shift_norm": .bool(true),
      "use_new_attention_order": .bool(true),
    ],
    "process": ["noise_schedule": .text("cosine")],
  ]

  private static func integer(_ number: Int64) -> ParameterValue { .integer(number) }

  /// Every integer below the fields, by path, with its range; `*` stands for the items of a list.
  private static func integers(_ fields: [ParameterField], at path: [String] = []) -> [(path: [String], range: ClosedRange<Int64>)] {
    fields.flatMap { integers($0.type, at: path + [$0.name]) }
  }

  private static func integers(_ type: ParameterType, at path: [String]) -> [(path: [String], range: ClosedRange<Int64>)] {
    switch type {
    case .integer(let range): [(path, range)]
    case .list(let item, _): integers(item, at: path + ["*"])
    case .record(let fields): integers(fields, at: path)
    default: []
    }
  }

  /// Plans one cell of the stage. Throws what a user would be told, and nothing else.
  private static func plan(_ kind: String, _ with: ParameterValue) throws -> Plan {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-extents-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = """
      plumb: 1
      name: extents
      stages:
        \(TinyRun.weights)
        made: {uses: sample, inputs: {network: weights}, with: {steps: 4, samples: 8}}
        scored: {uses: score, inputs: {samples: made, reference: images, features: features}}
        tried: {uses: \(kind), inputs: \(stages[kind]?.inputs ?? "{}"), with: \(String(decoding: with.json.encoded(), as: UTF8.self))}
      default: [tried]
      """
    try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
    let workspace = try Workspace(.init(file: folder + "/p.plumb.yaml", store: folder + "/store", lanes: 2), catalogue: .plumbline)
    return try workspace.plan(history: workspace.history())
  }

  /// The figures of a plan, which are sums and products over everything in it.
  private static func total(_ plan: Plan) -> Double {
    Double(plan.evaluationsToDo) + plan.flopsToDo + Double(plan.bytesToWrite) + Double(plan.peakMemory)
  }

  @Test(arguments: StageTable.plumbline.descriptors.map(\.name))
  func `every integer of a stage at the ends of its range gives a plan or a message`(kind: String) throws {
    let base = try #require(Self.stages[kind], "the stage has no line in this table").with
    let integers = Self.integers(try #require(StageTable.plumbline.stage(kind)).descriptor.parameters)
    var largest = base
    for (path, range) in integers {
      largest = largest.setting(path[...], to: .integer(range.upperBound))
      for bound in [range.lowerBound, range.upperBound] { Self.expectVerdict(kind, base.setting(path[...], to: .integer(bound))) }
    }
    Self.expectVerdict(kind, largest)
  }

  private static func expectVerdict(_ kind: String, _ with: ParameterValue) {
    do {
      #expect(total(try plan(kind, with)) >= 0)
    } catch let error as DiagnosticsError {
      #expect(error.diagnostics.hasErrors)
    } catch {
      Issue.record("\(kind) \(with.label): \(error)")
    }
  }

  @Test(arguments: [
    ("load-dataset", ["shape", "*"], 4_000_000_000), ("command", ["outputs", "samples", "image", "*"], 65536),
  ])
  func `pictures too large for any machine are refused where their extents are written`(kind: String, path: [String], extent: Int64) throws
  {
    let with = try #require(Self.stages[kind]).with.setting(path[...], to: .integer(extent))
    let error = try #require(throws: DiagnosticsError.self) { try Self.plan(kind, with) }
    #expect(error.diagnostics.contains { $0.range.text.contains("\(extent)") }, "\(error.diagnostics.rendered(as: .text))")
  }
}

extension ParameterValue: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, ParameterValue)...) {
    self = .record(Dictionary(elements, uniquingKeysWith: { first, _ in first }))
  }

  /// The value with the part at a path replaced or added; `*` stands for every item of a list, or for one where there is none.
  fileprivate func setting(_ path: ArraySlice<String>, to value: ParameterValue) -> ParameterValue {
    guard let name = path.first else { return value }
    let rest = path.dropFirst()
    if name == "*" { return .list((list ?? [.null]).map { $0.setting(rest, to: value) }) }
    var fields: [String: ParameterValue] = [:]
    if case .record(let old) = self { fields = old }
    fields[name] = (fields[name] ?? .null).setting(rest, to: value)
    return .record(fields)
  }
}
