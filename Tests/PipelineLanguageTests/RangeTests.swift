import PipelineLanguage
import StageSchema
import Testing

@Suite struct RangeTests {
  @Test(
    arguments: [
      ("1.0:1.03:0.005", ["1", "1.005", "1.01", "1.015", "1.02", "1.025", "1.03"]),
      ("0.1:0.3:0.1", ["0.1", "0.2", "0.3"]),
      ("10:50:20", ["10", "30", "50"]),
      ("10:45:20", ["10", "30"]),
      ("3:1:-1", ["3", "2", "1"]),
      ("-0.01:0.01:0.01", ["-0.01", "0", "0.01"]),
      ("1e-4:3e-4:1e-4", ["0.0001", "0.0002", "0.0003"]),
      ("1e3:3e3:1e3", ["1000", "2000", "3000"]),
      ("5:5:1", ["5"]),
    ])
  func `a range has exact decimals and both ends`(_ text: String, _ values: [String]) throws {
    #expect(try #require(DecimalRange(text)).values() == values)
  }

  @Test(arguments: ["1:2", "1:2:3:4", "a:b:c", "12:30:", "::", "0x1:0x2:0x1", "1:2:1e500"])
  func `what is not three decimal numbers is no range`(_ text: String) {
    #expect(DecimalRange(text) == nil)
  }

  @Test func `a range inside a sweep stands for its values`() throws {
    let text = TestPipelines.small.replacing("{sweep: [10, 20]}", with: "{sweep: [5, 10:20:5]}")
    let pipeline = try #require(TestPipelines.load(text).pipeline)
    #expect(pipeline.axes[0].values.map(\.value) == [.integer(5), .integer(10), .integer(15), .integer(20)])
  }

  @Test func `ranges in a map of a sweep stand for every combination`() throws {
    let text = TestPipelines.small.replacing("{k: 0, b: 1.02}", with: "{k: 0:0.01:0.01, b: 1.01:1.02:0.01}")
    let pipeline = try #require(TestPipelines.load(text).pipeline)
    let scaling = try #require(pipeline.axes.first { $0.name == "scaling" })
    #expect(
      scaling.values.map(\.name) == [
        "scaling.b=1,scaling.k=0", "scaling.b=1.01,scaling.k=0", "scaling.b=1.02,scaling.k=0", "scaling.b=1.01,scaling.k=0.01",
        "scaling.b=1.02,scaling.k=0.01", "scaling.b=1,scaling.k=0.004",
      ])
    let endless = TestPipelines.small.replacing("{k: 0, b: 1.02}", with: "{k: 0:1:0.0001, b: 1:2:0.0001}")
    #expect(TestPipelines.load(endless).diagnostics.contains { $0.message.contains("ranges of this map") })
  }
}
