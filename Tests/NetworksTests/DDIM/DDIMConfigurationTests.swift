import Basics
import Networks
import Testing

@Suite struct DDIMConfigurationTests {
  /// The configurations of the released models (`configs/*.yml`) and their known numbers of parameters.
  static let released: [(name: String, configuration: [String: JSONValue], parameters: Int)] = [
    (
      "cifar10",
      [
        "type": "simple", "in_channels": 3, "out_ch": 3, "ch": 128, "ch_mult": [1, 2, 2, 2], "num_res_blocks": 2,
        "attn_resolutions": [16], "dropout": 0.1, "var_type": "fixedlarge", "ema_rate": 0.9999, "ema": true, "resamp_with_conv": true,
        "resolution": 32,
      ], 35_746_307
    ),
    (
      "bedroom",
      [
        "type": "simple", "in_channels": 3, "out_ch": 3, "ch": 128, "ch_mult": [1, 1, 2, 2, 4, 4], "num_res_blocks": 2,
        "attn_resolutions": [16], "dropout": 0.0, "var_type": "fixedsmall", "ema_rate": 0.999, "ema": true, "resamp_with_conv": true,
        "image_size": 256,
      ], 113_673_219
    ),
  ]

  @Test(arguments: released.indices) func aReleasedConfigurationHasTheKnownSize(index: Int) throws {
    let (name, configuration, parameters) = Self.released[index]
    let network = try DDIMUNet(configuration: .object(configuration))
    #expect(try network.parameters().elementCount == parameters, "\(name)")
    #expect(try DDIMUNet(configuration: network.configuration).configuration == network.configuration, "\(name)")
  }

  /// Alone, under DataParallel's prefix, and in a list without a moving average.
  @Test(arguments: released.indices, ["", "module.", "0/module."])
  func aCheckpointIsRecognisedFromItsHeader(index: Int, prefix: String) throws {
    let (name, configuration, _) = Self.released[index]
    let network = try DDIMUNet(configuration: .object(configuration))
    let file = TensorHeader(try network.parameters()) { prefix + $0 }
    let given: [String: JSONValue] = ["resolution": JSONValue(network.image.height), "dropout": configuration["dropout"] ?? 0]
    let recognition = try #require(try DDIMUNet.recognise(file))
    let found = try DDIMUNet(configuration: recognition.completed(by: given))
    #expect(found.configuration == network.configuration, "\(name)")
    #expect(try found.graph().mismatches(against: found.tensors(in: file, choice: .authors).entries) == [])
  }

  @Test func withoutConvolutionsNothingIsThereToResample() throws {
    let fields = Self.released[0].configuration.merging(["resamp_with_conv": false]) { $1 }
    let network = try DDIMUNet(configuration: .object(fields))
    let names = try network.parameters().map(\.name)
    #expect(!names.contains { $0.contains("sample") })
    let file = TensorHeader(try network.parameters())
    #expect(try DDIMUNet.recognise(file)?.configuration["resamp_with_conv"] == false)
    #expect(try network.graph().outputs.first?.shape == .image(height: 32, width: 32, channels: 3))
  }

  @Test func errorsNameTheField() throws {
    func place(_ changes: [String: JSONValue], without name: String = "") -> String? {
      var fields = Self.released[0].configuration.merging(changes) { $1 }
      fields[name] = nil
      return #expect(throws: PlumbError.self) { try DDIMUNet(configuration: .object(fields)) }?.place
    }
    #expect(place([:], without: "resolution") == "resolution")
    #expect(place(["image_size": 64]) == "resolution")
    #expect(place(["resolution": 36]) == "resolution")
    #expect(place(["ch": 48]) == "ch")
    #expect(place([:], without: "ch") == "ch")
    #expect(place(["type": "other"]) == "type")
    #expect(place(["unknown": 1]) == "unknown")
  }
}
