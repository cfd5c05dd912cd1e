import Diffusion
import Testing

@Suite struct PixelRuleTests {
  /// A quarter level past 10, and three quarters: truncation, rounding and the offset of 128 part there.
  @Test func theRulesRoundAsTheirOriginals() {
    let (low, high): (Float, Float) = (10.25 / 127.5 - 1, 10.75 / 127.5 - 1)
    let bytes: [PixelRule: [UInt8]] = [.scaled: [10, 10], .halved: [10, 10], .rounded: [10, 11], .centred: [10, 11]]
    for rule in PixelRule.allCases { #expect([rule.byte(low), rule.byte(high)] == bytes[rule], "\(rule)") }
  }

  @Test(arguments: PixelRule.allCases) func everyNumberIsAByte(_ rule: PixelRule) {
    #expect([-Float.infinity, -3, -1].map(rule.byte) == [0, 0, 0])
    #expect([1, 7, Float.infinity].map(rule.byte) == [255, 255, 255])
    #expect(rule.byte(.nan) == 0)
  }
}
