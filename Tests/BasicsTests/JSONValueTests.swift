import Basics
import Testing

@Suite struct JSONValueTests {
  private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

  @Test func canonicalTextSortsFieldsAndSurvivesParsing() throws {
    let value: JSONValue = ["b": [1, 2.5, true, .null], "a": "tab\tquote\" λ \u{1}"]
    let text = String(decoding: value.encoded(), as: UTF8.self)
    #expect(text == #"{"a":"tab\tquote\" λ \u0001","b":[1,2.5,true,null]}"#)
    #expect(try parse(text) == value)
    #expect(try JSONValue(parsing: value.encoded(pretty: true)) == value)
  }

  @Test func numbersKeepEveryBit() throws {
    for number in [0.1, 1e-300, 1.7976931348623157e308, Double.leastNonzeroMagnitude, -2.5e-7] {
      let text = String(decoding: JSONValue.number(number).encoded(), as: UTF8.self)
      #expect(try parse(text).double == number)
    }
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,}", "01", "1.", "--1", "nul", "\"\\x\"", "\"\u{1}\"", "{\"a\":1,\"a\":2}", "[1] 2", "\"\\ud800\"", "{1:2}",
    "1e999",
  ])
  func whatIsNotJSONIsRefused(_ text: String) {
    #expect(throws: PlumbError.self) { try parse(text) }
  }

  @Test func deepNestingIsRefusedBeforeTheStackEnds() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: PlumbError.self) { try parse(text) }
  }

  @Test func surrogatePairsBecomeOneScalar() throws {
    #expect(try parse(#""\ud83d\ude00""#) == "😀")
  }
}
