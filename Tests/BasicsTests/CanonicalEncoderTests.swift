import Basics
import Testing

@Suite struct CanonicalEncoderTests {
  @Test func fieldOrderDoesNotMatterAndTypesDo() {
    let first = CanonicalValue.record(["a": .integer(1), "b": .text("x")])
    let second = CanonicalValue.record(["b": .text("x"), "a": .integer(1)])
    #expect(first.digest == second.digest)
    #expect(CanonicalValue.integer(1).digest != CanonicalValue.number(1).digest)
    #expect(CanonicalValue.text("1").digest != CanonicalValue.integer(1).digest)
    #expect(CanonicalValue.null.digest != CanonicalValue.text("").digest)
  }

  @Test func theBoundsOfTextsAndListsCount() {
    #expect(CanonicalValue.list([.text("ab"), .text("c")]).digest != CanonicalValue.list([.text("a"), .text("bc")]).digest)
    #expect(CanonicalValue.list([.list([]), .null]).digest != CanonicalValue.list([.list([.null])]).digest)
  }

  @Test func everyBitOfANumberCountsButTheSignOfZero() {
    #expect(CanonicalValue.number(1.0).digest != CanonicalValue.number(1.0.nextUp).digest)
    #expect(CanonicalValue.number(0.0).digest == CanonicalValue.number(-0.0).digest)
  }
}
