import Basics
import Foundation
import Report
import Results

/// Real numbers of the digits model (seed 0, 2,000 samples, T' = 20); Tests/Data/report/make_table.py made them.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Data/report"

  static func table() throws -> JSONValue { try JSONValue(contentsOf: folder + "/digits-20.table.json") }

  static func sweep() throws -> SweepTable { try sweep(table()) }

  static func sweep(_ value: JSONValue) throws -> SweepTable {
    let table = try GatheredTable(json: value)
    return SweepTable(ReportTable(name: "table", value: table), design: design(table))
  }

  /// What a record would say: `scaling` fills Epsilon Scaling, `seed` a seed, and every other axis a setting.
  static func design(_ table: GatheredTable) -> SweepDesign {
    func fill(_ field: String, _ source: String, _ meaning: FieldMeaning) -> RecordedAxis.Fill {
      RecordedAxis.Fill(stage: "sample", field: field, source: source, isWhole: true, meaning: meaning)
    }
    let axes = Set(table.axes).union(table.rows.flatMap(\.coordinates.keys)).map { name in
      RecordedAxis(
        name: name,
        fills: name == "scaling"
          ? [fill("epsilon_scaling.k", "k", .lambdaSlope), fill("epsilon_scaling.b", "b", .lambdaOffset)]
          : [fill(name, "", name == "seed" ? .replicate : .setting)])
    }
    let lambdas = table.rows.compactMap { row -> ([String: JSONValue], Lambda)? in
      guard let scaling = row.coordinates["scaling"], let k = scaling["k"]?.double, let b = scaling["b"]?.double else { return nil }
      return (["scaling": scaling], Lambda(slope: k, offset: b))
    }
    return SweepDesign(axes: axes, lambdas: Dictionary(lambdas, uniquingKeysWith: { first, _ in first }))
  }

  /// 25 images of 8x8 bytes.
  static func digits() throws -> [UInt8] { try AtomicFile.read(folder + "/digits-25.bin") }

  /// A report as a run would fill it in.
  static func content() throws -> ReportContent {
    let images = try digits()
    let table = try GatheredTable(json: table())
    let cells = ["scaling.b=1,scaling.k=0", "scaling.b=1.02,scaling.k=0", "scaling.b=1,scaling.k=0.004"]
    return ReportContent(
      title: "digits-es", about: "Epsilon Scaling on the digits model, 20 steps.", run: "2026-11-23T03-00-00-4711",
      date: "23 November 2026, 03:00 UTC",
      command: "plumb run Pipelines/digits-es.plumb.yaml", ending: .finished, pipeline: "plumb: 1\nname: digits-es\nparams: {steps: 20}\n",
      parameters: [
        ReportParameter(name: "steps", value: "20", origin: "file"), ReportParameter(name: "samples", value: "2000", origin: "--set"),
        ReportParameter(name: "scaling", value: "[{k: 0, b: 1.0}, {k: 0, b: 1.02}, {k: 0.004, b: 1.0}]", origin: "file"),
      ],
      design: design(table),
      cells: cells.enumerated().map { index, name in
        ReportCell(
          name: "sample[\(name)]", stage: "sample", state: index == 0 ? .cached : .computed, key: Digest(of: name).hex,
          outputs: [ReportFact("images", Digest(of: name + "images").hex), ReportFact("epsilon-norms", Digest(of: name + "norms").hex)],
          seconds: index == 0 ? nil : 12.3,
          parameters: [ReportFact("steps", "20"), ReportFact("samples", "2000"), ReportFact("sampler", "ddpm")])
      }, profile: ["mode": "reference", "backend": "oneDNN 2.6", "isa": "avx2"],
      versions: [ReportFact("plumb", "0.1.0"), ReportFact("stage sample", "1")],
      machine: "2 cores, 8 GiB", tables: [ReportTable(name: "table", value: table)],
      samples: cells.map { samples("sample[\($0)]", [1, 8, 8], count: 25, images) })
  }

  /// Samples that are in memory.
  static func samples(_ name: String, _ shape: [Int], count: Int, _ pixels: [UInt8]) -> ShownSamples {
    ShownSamples(
      name: name, shape: shape, count: count, content: nil,
      read: { limit in Array(pixels.prefix(limit * shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue })) })
  }

  /// Runs `body` with an empty folder that is removed afterwards.
  static func inFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path + "/report-test-\(UInt64.random(in: 0 ... .max))"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }
}

extension JSONValue {
  /// The value with `field` replaced (nil removes it).
  func with(_ field: String, _ value: JSONValue?) -> JSONValue {
    var fields = object ?? [:]
    fields[field] = value
    return .object(fields)
  }
}
