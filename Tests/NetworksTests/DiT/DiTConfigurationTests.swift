import Basics
import Networks
import Testing

@Suite struct DiTConfigurationTests {
  /// The sizes of the paper (table 1) with patches of two, and their parameters; the paper's are in millions.
  static let published: [(name: String, width: Int, depth: Int, heads: Int, millions: Int)] = [
    ("DiT-S", 384, 12, 6, 33), ("DiT-B", 768, 12, 12, 130), ("DiT-L", 1024, 24, 16, 458), ("DiT-XL", 1152, 28, 16, 675),
  ]

  private func network(_ index: Int) throws -> DiT {
    let (_, width, depth, heads, _) = Self.published[index]
    return try DiT(configuration: ["hidden_size": JSONValue(width), "depth": JSONValue(depth), "num_heads": JSONValue(heads)])
  }

  @Test(arguments: published.indices) func aPublishedSizeHasItsParameters(index: Int) throws {
    let count = try network(index).parameters().elementCount
    #expect(abs(Double(count) / 1e6 - Double(Self.published[index].millions)) < 1, "\(count)")
  }

  /// The released file, DiT-XL-2-256x256.pt.
  @Test func theReleasedNetworkHasTheFilesTensors() throws {
    let network = try DiT(configuration: [:])
    #expect(try network.parameters().count == 292)
    #expect(try network.parameters().elementCount == 675_129_632)
    #expect(network.image == ImageShape(channels: 4, height: 32, width: 32) && network.outputChannels == 8 && network.classCount == 1000)
  }

  @Test(arguments: published.indices) func aPublishedSizeIsRecognised(index: Int) throws {
    let network = try network(index)
    let file = TensorHeader(try network.parameters())
    let recognition = try #require(try DiT.recognise(file))
    let heads = JSONValue(Self.published[index].heads)
    #expect(recognition.undetermined.map(\.candidates) == [[heads]])
    #expect(try DiT(configuration: recognition.completed(by: ["num_heads": heads])).configuration == network.configuration)
  }

  @Test func withoutDroppedClassesThereIsNoRowForNone() throws {
    func rows(_ dropout: JSONValue) throws -> Int? {
      try DiT(configuration: ["class_dropout_prob": dropout, "depth": 1]).parameters().first {
        $0.name == "y_embedder.embedding_table.weight"
      }?.shape.first
    }
    #expect(try rows(0) == 1000)
    #expect(try rows(0.1) == 1001)
  }

  @Test func errorsNameTheField() throws {
    func place(_ fields: [String: JSONValue]) -> String? {
      #expect(throws: PlumbError.self) { try DiT(configuration: .object(fields)) }?.place
    }
    #expect(place(["input_size": 33]) == "input_size")
    #expect(place(["num_heads": 7]) == "num_heads")
    #expect(place(["hidden_size": 18, "num_heads": 2]) == "hidden_size")
    #expect(place(["unknown": 1]) == "unknown")
    #expect(throws: PlumbError.self) { try DiT(configuration: ["depth": 1]).graph(taps: ["block_1"]) }
  }
}
