import Basics
import Results
import Testing

@Suite struct ResultDocumentTests {
  /// As the stages wrote them before there were format numbers; the bytes are part of digests.
  static let documents: [String] = [
    #"{"epsilon_norm":[7.5,8.0],"epsilon_norm_rms":[7.6,8.1],"epsilon_norm_scaled":[7.4,null],"kind":"epsilon-norms","lambda":[1.02,1.02],"mode":"sampling","samples":2000,"steps":2,"timesteps":[0,999]}"#,
    #"{"delta":[0.25],"indices":[1],"kind":"delta","samples":7,"sigmas":[0.002],"steps":2,"true_std":[1.0]}"#,
    #"{"kind":"scores","metrics":{"class_score":9.5,"fd":0.125},"samples":2000}"#,
    #"{"axes":["scaling"],"kind":"table","rows":[{"coordinates":{"scaling":{"b":1.02,"k":0}},"label":"scaling.b=1.02","values":{"score":{"kind":"scores","metrics":{"fid":1}}}}],"shared":{}}"#,
    #"{"kind":"my-own","mine":{"a":[1]},"values":[1.5,null]}"#,
  ]

  @Test(arguments: documents) func documentsKeepTheirBytes(_ text: String) throws {
    let json = try JSONValue(parsing: Array(text.utf8))
    let again: JSONValue =
      switch try StoredResult(json).decoded() {
      case .scores(let scores): scores.json
      case .curve(let curve): curve.json
      case .table(let table): table.json
      }
    #expect(String(decoding: again.encoded(), as: UTF8.self) == text)
  }

  @Test func aNewerFormatIsRefusedInWords() throws {
    for text in Self.documents {
      var fields = try #require(try JSONValue(parsing: Array(text.utf8)).object)
      fields["format"] = 2
      let error = #expect(throws: PlumbError.self) { try StoredResult(.object(fields)).decoded() }
      #expect(error?.description.contains("newer version") == true && error?.found == "format 2", "\(String(describing: error))")
      fields["format"] = "old"
      #expect(throws: PlumbError.self) { try StoredResult(.object(fields)).decoded() }
      fields["format"] = 1
      _ = try StoredResult(.object(fields)).decoded()
    }
  }

  @Test(arguments: [
    ("NaN", "fid is NaN"), ("-Infinity", "fid is -infinity"), ("null", "fid is not a finite number"), ("\"1\"", "fid is not a number"),
  ]) func aMetricThatIsNotFiniteIsNamed(_ text: String, _ words: String) throws {
    let document = try JSONValue(parsing: Array(#"{"metrics":{"fid":\#(text),"is":2}}"#.utf8), acceptsNonFinite: true)
    let error = #expect(throws: PlumbError.self) { try Scores(json: document) }
    #expect(error?.message == words)
  }

  @Test(arguments: [
    "3", "[]", "{}", #"{"kind":"delta"}"#, #"{"kind":"delta","delta":[1,"x"]}"#, #"{"kind":"delta","delta":[1,2],"indices":[5,5]}"#,
    #"{"kind":"delta","delta":[1],"indices":[-1]}"#, #"{"kind":"delta","delta":[1],"steps":"many"}"#, #"{"kind":"scores"}"#,
    #"{"kind":"scores","metrics":{}}"#, #"{"kind":"table","rows":3}"#, #"{"kind":"table","rows":[1]}"#, #"{"kind":7,"delta":[1]}"#,
  ]) func whatIsNoResultIsRefused(_ text: String) throws {
    #expect(throws: PlumbError.self) { try StoredResult(JSONValue(parsing: Array(text.utf8))).decoded() }
  }

  @Test func pointsAreCountedFromOneAndOfTheCurvesLength() {
    var curve = Curve(.delta, steps: 4, samples: nil, indices: [1, 3])
    curve.set(.delta, [0.5, .nan])
    curve.set(.lambda, [1, 1, 1])
    #expect(curve.points(.delta) == [2: 0.5])
    #expect(curve.points(.lambda) == [:])
    #expect(curve.stepCount == 4)
  }

  @Test func theScaledNormIsRecordedOrDivided() {
    var curve = Curve(.epsilonNorms, mode: .sampling, steps: nil, samples: nil)
    curve.set(.epsilonNorm, [3, 8])
    #expect(curve.scaledNorm == [1: 3, 2: 8])
    curve.set(.lambda, [1.5, 2])
    #expect(curve.scaledNorm == [1: 2, 2: 4])
    curve.set(.scaledEpsilonNorm, [2.5, 4.5])
    #expect(curve.scaledNorm == [1: 2.5, 2: 4.5])
  }

  @Test func aSetOfSamplesIsItsArtifactsFacts() throws {
    let set = SampleSet(count: 2000, channels: 1, height: 8, width: 9)
    #expect(String(decoding: set.json.encoded(), as: UTF8.self) == #"{"count":2000,"image":[1,8,9]}"#)
    #expect(try SampleSet(json: set.json) == set)
    for odd: JSONValue in [["count": -1, "image": [1, 8, 8]], ["count": 1, "image": [1, 8]], ["count": 1, "image": [0, 8, 8]], []] {
      #expect(throws: PlumbError.self) { try SampleSet(json: odd) }
    }
  }
}
