import StageSchema
import Testing

@Suite struct BlockSetTests {
  private func blocks(_ extent: Range<Int>) -> BlockSet { BlockSet(of: extent, blockSize: 32) }

  @Test func `the ends are cut to the extent`() {
    #expect(Array(blocks(40..<100).ranges) == [40..<64, 64..<96, 96..<100])
    #expect(blocks(40..<100).count == 3 && blocks(40..<100).samples == 60 && blocks(40..<100).largest == 32)
    #expect(blocks(40..<70).largest == 24 && blocks(0..<0).isEmpty && blocks(0..<0).largest == 0)
  }

  @Test func `blocks are taken out in order`() {
    var set = blocks(0..<70)
    #expect(set.popFirst() == 0..<32 && set.popFirst() == 32..<64 && set.popFirst() == 64..<70 && set.popFirst() == nil)
  }

  @Test func `equal blocks lie at one place and are cut alike`() {
    #expect(Array(blocks(0..<100).subtracting(blocks(0..<70)).ranges) == [64..<96, 96..<100])
    #expect(Array(blocks(0..<100).intersection(blocks(16..<64)).ranges) == [32..<64])
    #expect(blocks(0..<64).intersection(BlockSet(of: 0..<64, blockSize: 16)).isEmpty)
    var both = blocks(0..<100).intersection(blocks(0..<32))
    both.formUnion(blocks(0..<100).filter { $0.lowerBound == 96 })
    #expect(Array(both.ranges) == [0..<32, 96..<100] && both.samples == 36)
  }

  @Test func `a few are spread evenly, the ends among them`() {
    #expect(Array(blocks(0..<320).spread(3).ranges) == [0..<32, 128..<160, 288..<320])
    #expect(Array(blocks(0..<320).spread(1).ranges) == [0..<32])
    #expect(blocks(0..<320).spread(99).count == 10)
  }

  @Test func `four billion samples take no memory`() {
    var set = blocks(0..<4_000_000_000)
    #expect(set.count == 125_000_000 && set.samples == 4_000_000_000)
    for _ in 0..<1000 { _ = set.popFirst() }
    #expect(set.count == 124_999_000)
    #expect(set.spread(2).ranges.map(\.upperBound) == [32032, 4_000_000_000])
  }
}
