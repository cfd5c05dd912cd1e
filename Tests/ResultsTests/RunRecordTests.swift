import Basics
import Results
import Testing

@Suite struct RunRecordTests {
  private static let digest = Digest(of: "x")

  private func record() throws -> RunRecord {
    let identity = RecordedIdentity(
      stage: "sample", version: 1, uses: ["engine": 1], with: ["steps": 20, "epsilon_scaling": ["b": 1.02, "k": 0.0]],
      files: ["file": Self.digest], extent: ["samples": 64])
    let cell = RecordedCell(
      name: "sample[b=1.02]", stage: "sample", state: .failed, identity: identity, coordinates: ["b": 1.02],
      parameters: ["steps": 20, "epsilon_scaling": ["b": 1.02, "k": 0.0], "samples": 64, "title": "mine"],
      ownKey: Self.digest, recipeKey: Digest(of: "recipe"), key: nil, inputs: ["network": [Self.digest]], outputs: nil, seconds: 0.5,
      blocks: 2, blocksComputed: 1, flops: nil, error: "the disk is full")
    return RunRecord(
      id: try RunID(checking: "20261123-014155042-7f3a"), status: .failed,
      pipeline: RecordedPipeline(
        path: "p.yaml", name: "p", about: "", text: "plumb: 1\n", parameters: ["b": [1.0, 1.02]],
        request: RunRequest(file: "/p.yaml", overrides: ["b=1"], parameterFiles: [], cells: ["sample"])),
      started: "2026-11-23T01:41:55Z", finished: "2026-11-23T01:41:56Z", seconds: 1.25, command: ["plumb", "run"], lanes: 2,
      profile: ["mode": "reference"], profileDigest: Self.digest, flopsPerLaneSecond: 1e9, machine: ["cores": 2], environment: ["A": "1"],
      axes: [
        RecordedAxis(
          name: "b",
          fills: [.init(stage: "sample", field: "epsilon_scaling.b", source: "", isWhole: true, meaning: .lambdaOffset)])
      ], meanings: ["sample": ["seed": .replicate]], cells: [cell])
  }

  @Test func aRecordReadsBackAsItWas() throws {
    let record = try record()
    #expect(try RunRecord(json: JSONValue(parsing: record.json.encoded(pretty: true))) == record)
    #expect(record.json["format"] == 2)
    #expect(record.json["cells"]?.list?.first?["parameters"] == ["title": "mine"], "what the identity says is written twice")
    #expect(record.json["cells"]?.list?.first?["recipe_key"] == .text(Digest(of: "recipe").hex))
  }

  /// As the version before wrote them, with and without its number.
  @Test(arguments: [1, nil] as [Int?]) func anOlderRecordIsRead(_ format: Int?) throws {
    var fields = try record().json.object ?? [:]
    fields["format"] = format.map { JSONValue($0) }
    fields["axes"] = nil
    fields["meanings"] = nil
    var cell = try #require(fields["cells"]?.list?.first?.object)
    cell["recipe"] = cell.removeValue(forKey: "recipe_key")
    fields["cells"] = [.object(cell)]
    let older = try RunRecord(json: .object(fields))
    #expect(older.axes == nil)
    #expect(older.cells.first?.recipeKey == Digest(of: "recipe"))
    #expect(older.cells.first?.error == "the disk is full")
  }

  @Test func aNewerRecordIsRefusedInWords() throws {
    var fields = try record().json.object ?? [:]
    fields["format"] = 3
    let error = #expect(throws: PlumbError.self) { try RunRecord(json: .object(fields)) }
    #expect(
      error?.description == "the record of the run was written by a newer version of plumb; expected format 2 or older, found format 3")
    #expect(error?.kind == .input)
  }

  private static let wrong: [(String, JSONValue)] = [
    ("id", "../../../x"), ("id", "/etc"), ("id", ""), ("id", 3), ("status", "dreaming"), ("cells", 3), ("cells", [3]),
    ("cells", [["name": "a", "state": "cached", "key": "../../x"]]), ("cells", [["name": "a", "state": "napping"]]),
    ("profile_digest", "beef"), ("axes", [["name": "b", "fields": [["stage": "s", "field": "f", "meaning": "spell"]]]]),
  ]

  @Test(arguments: wrong) func aFieldThatIsNotWhatItShouldBeIsNamed(_ field: String, _ value: JSONValue) throws {
    var fields = try record().json.object ?? [:]
    fields[field] = value
    let error = #expect(throws: PlumbError.self) { try RunRecord(json: .object(fields)) }
    #expect(error?.kind == .input, "\(String(describing: error))")
  }

  @Test func identitiesDifferInTheirLeaves() throws {
    let now = try #require(try record().cells.first?.identity)
    var before = now
    before.with["epsilon_scaling"] = ["b": 1.0, "k": 0.0]
    before.uses["engine"] = nil
    before.extent["samples"] = 32
    #expect(now.differences(from: now).isEmpty)
    #expect(now.differences(from: before).map(\.part) == [.parameter(["samples"]), .uses("engine"), .parameter(["epsilon_scaling", "b"])])
    #expect(now.differences(from: before).map(\.before) == [32, .null, 1.0])
  }

  @Test func onlySeedsAndFirstIndicesMakeReplicates() {
    func axis(_ meanings: [FieldMeaning]) -> RecordedAxis {
      RecordedAxis(name: "a", fills: meanings.map { .init(stage: "s", field: "f", source: "", isWhole: true, meaning: $0) })
    }
    #expect(axis([.replicate, .replicate]).isReplicate)
    #expect(!axis([.replicate, .setting]).isReplicate)
    #expect(!axis([]).isReplicate)
  }
}
