import Basics
import Checkpoints
import Engine
import Networks
import Testing

@Suite struct ParameterMismatchTests {
  private let graph = Result { try DigitsFeatures(configuration: [:]).graph() }

  private func entries() throws -> [TensorEntry] {
    try CheckpointFile.open(Golden.digits + "digits-features.pt").entries
  }

  @Test func aFittingCheckpointPasses() throws {
    try graph.get().check(against: entries(), at: "weights")
  }

  @Test func eachKindOfDifferenceIsToldWithExpectedAndFound() throws {
    let changed = try entries().compactMap { entry -> TensorEntry? in
      switch entry.name {
      case "conv1.bias": nil
      case "fc1.weight": TensorEntry(name: entry.name, dtype: entry.dtype, shape: [64, 128])
      case "fc2.bias": TensorEntry(name: "fc3.bias", dtype: entry.dtype, shape: entry.shape)
      default: entry
      }
    }
    let mismatches = try graph.get().mismatches(against: changed)
    #expect(mismatches.map(\.name) == ["fc1.weight", "conv1.bias", "fc2.bias", "fc3.bias"])
    let error = try #require(throws: PlumbError.self) { try graph.get().check(against: changed, at: "weights.pt") }
    #expect(error.place == "weights.pt" && error.found == "4 differences")
    #expect(error.message.contains("fc1.weight has shape [64, 128] instead of [64, 256]"))
    #expect(error.message.contains("conv1.bias is missing (expected [32])"))
    #expect(error.message.contains("fc3.bias [10] belongs to no layer"))
  }

  @Test func onlyTheFirstFewAreNamed() throws {
    let error = try #require(throws: PlumbError.self) { try graph.get().check(against: [], at: "weights.pt") }
    #expect(error.message.contains("and 5 more"))
  }
}
