import Basics
import Checkpoints
import Engine
import Networks
import Testing

@Suite struct LDMConfigurationTests {
  /// A released configuration and what its checkpoint holds: parameters and tensors of the U-Net (the class embedding apart).
  struct Released: CustomTestStringConvertible {
    let name: String
    let configuration: [String: JSONValue]
    let parameters: Int
    let tensors: Int
    var testDescription: String { name }
  }

  static let released = [
    Released(
      name: "celeba256",
      configuration: [
        "image_size": 64, "in_channels": 3, "out_channels": 3, "model_channels": 224, "attention_resolutions": [8, 4, 2],
        "num_res_blocks": 2, "channel_mult": [1, 2, 3, 4], "num_head_channels": 32,
      ], parameters: 274_056_163, tensors: 368),
    Released(
      name: "lsun_churches256",
      configuration: [
        "image_size": 32, "in_channels": 4, "out_channels": 4, "model_channels": 192, "attention_resolutions": [1, 2, 4, 8],
        "num_res_blocks": 2, "channel_mult": [1, 2, 2, 4, 4], "num_heads": 8, "use_scale_shift_norm": true, "resblock_updown": true,
      ], parameters: 294_966_916, tensors: 520),
    Released(
      name: "cin256",
      configuration: [
        "image_size": 32, "in_channels": 4, "out_channels": 4, "model_channels": 256, "attention_resolutions": [4, 2, 1],
        "num_res_blocks": 2, "channel_mult": [1, 2, 4], "num_head_channels": 32, "use_spatial_transformer": true, "transformer_depth": 1,
        "context_dim": 512, "n_classes": 1000,
      ], parameters: 394_984_196, tensors: 626),
    Released(
      name: "cin256-v2",
      configuration: [
        "image_size": 64, "in_channels": 3, "out_channels": 3, "model_channels": 192, "attention_resolutions": [8, 4, 2],
        "num_res_blocks": 2, "channel_mult": [1, 2, 3, 5], "num_heads": 1, "use_spatial_transformer": true, "transformer_depth": 1,
        "context_dim": 512, "n_classes": 1001,
      ], parameters: 400_920_579, tensors: 688),
  ]

  @Test(arguments: released) func aReleasedConfigurationHasThePublishedSize(_ released: Released) throws {
    let network = try LDMUNet(configuration: .object(released.configuration))
    let parameters = try network.parameters().filter { !$0.name.hasPrefix("cond_stage_model.") }
    #expect(parameters.elementCount == released.parameters)
    #expect(parameters.count == released.tensors)
  }

  /// What names and shapes tell, with what they cannot tell given, is the same network.
  @Test(arguments: released) func aReleasedCheckpointIsRecognisedFromItsHeader(_ released: Released) throws {
    let network = try LDMUNet(configuration: .object(released.configuration))
    let file = TensorHeader(try network.parameters()) { name in
      "state_dict/" + (name.hasPrefix("cond_stage_model.") ? name : "model.diffusion_model." + name)
    }
    let recognition = try #require(try LDMUNet.recognise(file))
    let given = released.configuration.filter { name, _ in ["image_size", "num_heads", "num_head_channels"].contains(name) }
    let filled = ["num_head_channels": -1, "use_new_attention_order": false].merging(given) { $1 }
    #expect(try LDMUNet(configuration: recognition.completed(by: filled)).configuration == network.configuration)
    let error = #expect(throws: PlumbError.self) { try recognition.completed(by: [:]) }
    #expect(error?.expected?.contains("num_head_channels") == true)
  }

  static let small: [String: JSONValue] = [
    "image_size": 8, "in_channels": 3, "model_channels": 32, "out_channels": 3, "attention_resolutions": [2], "num_heads": 2,
  ]

  private func place(_ changes: [String: JSONValue]) -> String? {
    #expect(throws: PlumbError.self) { try LDMUNet(configuration: .object(Self.small.merging(changes) { $1 })) }?.place
  }

  @Test func errorsNameTheField() {
    #expect(place(["num_res_blocks": 1, "num_heads": -1]) == "num_heads")
    #expect(place(["num_res_blocks": 1, "context_dim": 16]) == "context_dim")
    #expect(place(["num_res_blocks": 1, "use_spatial_transformer": true]) == "context_dim")
    #expect(place(["num_res_blocks": 1, "use_spatial_transformer": true, "context_dim": 16]) == "n_classes")
    #expect(place(["num_res_blocks": 1, "n_classes": 10]) == "n_classes")
    #expect(place(["num_res_blocks": 1, "n_embed": 512]) == "n_embed")
    #expect(place(["num_res_blocks": 1, "use_linear_in_transformer": true]) == "use_linear_in_transformer")
  }

  /// Every combination of the options that change the structure gives a sound graph; its parameters under the checkpoint's
  /// names are recognised as that graph, and the canonical form is stable.
  @Test func everyCombinationIsSoundAndRecognised() throws {
    let flags = ["conv_resample", "use_scale_shift_norm", "resblock_updown", "use_spatial_transformer"]
    for bits in 0..<16 {
      for (blocks, multipliers) in [(0, [1]), (0, [1, 1]), (1, [1, 2]), (2, [1, 2, 3])] {
        for attention: JSONValue in [[], [1], [2, 4]] {
          var fields = Self.small.merging(
            ["num_res_blocks": JSONValue(blocks), "channel_mult": JSONValue(multipliers), "attention_resolutions": attention]) { $1 }
          for (position, flag) in flags.enumerated() { fields[flag] = .bool(bits >> position & 1 == 1) }
          if bits >> 3 & 1 == 1 { fields.merge(["context_dim": 24, "n_classes": 7, "transformer_depth": 2]) { $1 } }
          let network = try LDMUNet(configuration: .object(fields))
          let graph = try network.graph()
          #expect(try LDMUNet(configuration: network.configuration).configuration == network.configuration)
          #expect(graph.outputs.first?.shape == .image(height: 8, width: 8, channels: 3))

          let file = TensorHeader(graph.parameters) { $0.hasPrefix("cond_") ? $0 : "model.diffusion_model." + $0 }
          let recognition = try #require(try LDMUNet.recognise(file))
          let given: [String: JSONValue] = [
            "image_size": 8, "num_heads": 2, "num_head_channels": -1, "use_new_attention_order": false,
          ]
          let found = try LDMUNet(configuration: recognition.completed(by: given))
          #expect(try found.graph() == graph, "\(fields)")
          #expect(try found.tensors(in: file, choice: .authors).entries.map(\.name).sorted() == graph.parameters.map(\.name).sorted())
        }
      }
    }
  }
}
