import Basics
import Engine
import EngineCPU
import Testing

@Suite struct NumericsProfileTests {
  /// A changed digest under an unchanged version fails here: raise `EngineVersion.arithmetic`, then pin the new digest. (A
  /// kernel or a use added to the probe changes the digest too; then the version stays.)
  @Test func probeIsPinnedBesideTheVersion() throws {
    #expect(EngineVersion.arithmetic == 1)
    #expect(try CPUProbe.shipped.get().hex == "45bb7cfa2e5b5ced966f357e5728bd5146acf691c11324a0b49914c121277a87")
  }

  @Test func aSecondRunOfTheProbeHasTheSameBits() throws {
    #expect(try CPUProbe.digest(of: .all) == CPUDevice().profile(furtherProbes: [:]).probe)
  }

  @Test func whatComputesBesideTheEngineTellsProfilesApart() throws {
    let profiles = try [[:], ["noise": Digest(of: "one")], ["noise": Digest(of: "other")], ["algebra": Digest(of: "one")]].map {
      try CPUDevice().profile(furtherProbes: $0).digest
    }
    #expect(Set(profiles).count == profiles.count)
  }

  /// Keys of results hold the digest of the profile: apart from the probe it is what it always was.
  @Test func factsOfTheProfileStay() throws {
    let facts = try CPUDevice().profile(furtherProbes: [:]).json
    #expect(
      facts["mode"]?.text == "reference" && facts["backend"]?.text == "cpu-direct-1"
        && facts["dtype"]?.text == "float32" && facts["arithmetic"]?.text == "fused multiply-add")
  }
}
