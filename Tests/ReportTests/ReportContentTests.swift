import ArtifactStore
import Basics
import Report
import Results
import Testing

/// What a report takes from a run's record and the store beside it.
@Suite struct ReportContentTests {
  private static let profile = Digest(of: "profile")

  private static func cell(_ number: Int) -> RecordedCell {
    let identity = RecordedIdentity(stage: "table", version: 1, uses: [:], with: [:], files: [:], extent: [:])
    return RecordedCell(
      name: "table[b=\(number)]", stage: "table", state: .computed, identity: identity, coordinates: ["b": JSONValue(number)],
      parameters: [:], ownKey: nil, recipeKey: nil, key: Digest(of: "table \(number)"), inputs: [:],
      outputs: ["table": Digest(of: "output \(number)")], seconds: 0, blocks: 0, blocksComputed: 0, flops: nil, error: nil)
  }

  private static func record(_ cells: [RecordedCell]) throws -> RunRecord {
    RunRecord(
      id: try RunID(checking: "20261123-014155042-7f3a"), status: .done,
      pipeline: RecordedPipeline(
        path: "p.yaml", name: "p", about: "", text: "plumb: 1\n", parameters: [:],
        request: RunRequest(file: "/p.yaml", overrides: [], parameterFiles: [], cells: [])),
      started: "2026-11-23T01:41:55Z", finished: "2026-11-23T01:41:56Z", seconds: 1, command: [], lanes: 1, profile: [:],
      profileDigest: profile, flopsPerLaneSecond: 0, machine: [:], environment: [:], axes: [], meanings: [:], cells: cells)
  }

  private static func keep(_ number: Int, in store: ArtifactStore) throws {
    let table = GatheredTable(axes: [], shared: [:], rows: [.init(label: "\(number)", coordinates: [:], values: [:])])
    let manifest = ResultManifest(
      stage: "table", version: 1, ownKey: Digest(of: "own"),
      outputs: ["table": try store.putDocument(table.json, type: "table", facts: ["kind": "table"])])
    _ = try store.publish(manifest, as: ResultKey(semantic: Digest(of: "table \(number)"), profile: profile))
  }

  @Test func `a parameter that a flag gives is not told as one of the file`() throws {
    var record = try Self.record([])
    record.pipeline.parameters = ["samples": 16, "seed": 0, "scaling": ["b": 1, "k": 0]]
    record.pipeline.request = RunRequest(
      file: "/p.yaml", overrides: ["samples=16", "scaling.b=1"], parameterFiles: ["more.yaml"], cells: [])
    let origins = ReportContent(record).parameters.map { "\($0.name): \($0.origin)" }
    #expect(origins == ["samples: --set", "scaling: --set", "seed: p.yaml or more.yaml"])
  }

  @Test func aLostResultHidesNoOtherOfItsStage() throws {
    try Fixture.inFolder { folder in
      let store = ArtifactStore(root: folder)
      for number in [1, 2] { try Self.keep(number, in: store) }
      let record = try Self.record((0...2).map(Self.cell))
      var content = ReportContent(record)
      content.collectResults(of: record, from: store)
      #expect(content.tables.map(\.name) == ["table[b=1]", "table[b=2]"])
      #expect(Set(content.notes) == ["The result of table[b=0] is no longer in the store."])
    }
  }
}
