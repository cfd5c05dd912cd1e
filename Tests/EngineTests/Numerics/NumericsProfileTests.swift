import Basics
import CKernels
import Testing

@testable import Engine

@Suite struct NumericsProfileTests {
  /// A changed digest under an unchanged version fails here: raise `EngineVersion.arithmetic`, then pin the new digest.
  @Test func probeIsPinnedBesideTheVersion() {
    #expect(EngineVersion.arithmetic == 1)
    #expect(NumericsProfile.current(mode: .reference).probe.hex == "1762e0c30ca866ce526bff3749c1136d2836661ac8c108d28a8ac8a89acc9c9a")
  }

  @Test func profileIsTheSameEveryTime() {
    let one = NumericsProfile.current(mode: .reference)
    #expect(one == NumericsProfile.current(mode: .reference))
    #expect(one.digest == one.canonical.digest)
    #expect(one.json["mode"]?.text == "reference")
  }
}
