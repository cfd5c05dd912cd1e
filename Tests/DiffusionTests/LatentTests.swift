import Basics
import Diffusion
import Foundation
import Testing

@Suite struct LatentTests {
  @Test func momentsAreSplitSampleBySample() throws {
    // Two samples of one channel of two numbers.
    let moments = try LatentMoments([1, 2, 0, 40, 3, 4, -50, 2], channels: 1, area: 2)
    #expect(moments.mean == [1, 2, 3, 4])
    #expect(moments.logVariance == [0, 20, -30, 2])
    #expect(moments.deviation[0] == 1 && abs(moments.deviation[3] - Float(M_E)) <= 2 * Float(M_E).ulp)
    let sample = try moments.sample([1, 0, 0, -1])
    #expect(sample[0] == 2 && sample[1] == 2 && sample[2] == 3 && abs(sample[3] - (4 - Float(M_E))) <= 1e-6)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    #expect(throws: PlumbError.self) { try LatentMoments([1, 2, 3], channels: 1, area: 1) }
    #expect(throws: PlumbError.self) { try LatentMoments([1, 2], channels: 0, area: 1) }
    #expect(throws: PlumbError.self) { try LatentMoments([1, 2], channels: 1, area: 1).sample([1, 2]) }
  }

  /// The bytes of the ends, of zero, and of numbers that clamp; 0.004 is half a level.
  @Test func eachRuleTruncatesInItsOwnWay() {
    let values: [Float] = [-2, -1, 0, 0.004, 1, 3, .nan, .infinity]
    #expect(values.map(PixelRule.scaled.byte) == [0, 0, 127, 128, 255, 255, 0, 255])
    #expect(values.map(PixelRule.halved.byte).prefix(6) == [0, 0, 127, 128, 255, 255])
    #expect(values.map(PixelRule.centred.byte) == [0, 0, 128, 128, 255, 255, 0, 255])
    // From -1 + 1/255 on a centred number has left level 0, a scaled one has not.
    #expect(PixelRule.centred.byte(-0.996) == 1 && PixelRule.scaled.byte(-0.996) == 0)
  }
}
