import Basics
import Checkpoints
import Engine
import Networks
import Testing

@Suite struct ADMConfigurationTests {
  /// The CIFAR-10 model of ADM-ES: image_cifar flags of its README.
  static let cifar: [String: JSONValue] = [
    "image_size": 32, "in_channels": 3, "model_channels": 128, "out_channels": 6, "num_res_blocks": 3, "attention_resolutions": [2, 4],
    "dropout": 0.3, "channel_mult": [1, 2, 2, 2], "num_heads": 4, "num_head_channels": 32, "use_scale_shift_norm": true,
    "resblock_updown": true, "use_new_attention_order": true,
  ]

  private func network(_ changes: [String: JSONValue] = [:]) throws -> any Network {
    try NetworkCatalogue.network(architecture: "adm-unet", configuration: .object(Self.cifar.merging(changes) { $1 }))
  }

  private func place(_ changes: [String: JSONValue]) -> String? {
    #expect(throws: PlumbError.self) { try network(changes) }?.place
  }

  /// 57 million parameters, about 18.5 GFLOP a sample (a multiplication and an addition are two).
  @Test func theCIFARModelHasItsSizeAndCost() throws {
    let graph = try network().graph()
    let parameters = try graph.parameters.reduce(0) { try $0 + HostTensor.elementCount($1.shape) }
    print("ADM CIFAR-10: \(parameters) parameters in \(graph.parameters.count) tensors, \(graph.flopsPerSample) flops")
    #expect((56_000_000...58_000_000).contains(parameters))
    #expect((17_500_000_000...19_500_000_000).contains(graph.flopsPerSample))
  }

  @Test func defaultsAreFilledInAndTheCanonicalFormIsStable() throws {
    let least = try NetworkCatalogue.network(
      architecture: "adm-unet",
      configuration: [
        "image_size": 32, "in_channels": 3, "model_channels": 32, "out_channels": 3, "num_res_blocks": 1, "attention_resolutions": [],
      ])
    let expected: JSONValue = [
      "image_size": 32, "in_channels": 3, "model_channels": 32, "out_channels": 3, "num_res_blocks": 1, "attention_resolutions": [],
      "dropout": 0.0, "channel_mult": [1, 2, 4, 8], "conv_resample": true, "dims": 2, "num_classes": .null, "use_checkpoint": false,
      "use_fp16": false, "num_heads": 1, "num_head_channels": -1, "num_heads_upsample": -1, "use_scale_shift_norm": false,
      "resblock_updown": false, "use_new_attention_order": false,
    ]
    #expect(least.configuration == expected)
    #expect(try NetworkCatalogue.network(architecture: "adm-unet", configuration: expected).configuration == expected)
  }

  @Test func oneMeaningHasOneForm() throws {
    let plain = try network().configuration
    #expect(try network(["channel_mult": [1.0, 2, 2, 2.0], "attention_resolutions": [4, 2, 4]]).configuration == plain)
    #expect(try network(["num_classes": .null, "num_heads_upsample": -1]).configuration == plain)
  }

  @Test func fractionalWidthsAreTruncatedAsTheOriginalDoes() throws {
    let half = try network(["channel_mult": [0.5, 1], "num_head_channels": -1]).graph()
    #expect(half.parameters.first { $0.name == "input_blocks.0.0.weight" }?.shape == [64, 3, 3, 3])
    #expect(half.parameters.first { $0.name == "out.2.weight" }?.shape == [6, 64, 3, 3])
    #expect(half.parameters.first { $0.name == "time_embed.0.weight" }?.shape == [512, 128])
  }

  @Test func errorsNameTheField() {
    #expect(place(["image_sise": 32]) == "image_sise")
    #expect(place(["image_size": 30]) == "image_size")
    #expect(place(["model_channels": "128"]) == "model_channels")
    #expect(place(["model_channels": 120]) == "channel_mult")
    #expect(place(["dims": 3]) == "dims")
    #expect(place(["num_head_channels": 48]) == "num_head_channels")
    #expect(place(["num_head_channels": -1, "num_heads": 3]) == "num_heads")
    #expect(place(["num_head_channels": -1, "num_heads_upsample": 5]) == "num_heads_upsample")
    #expect(place(["channel_mult": []]) == "channel_mult")
    #expect(place(["attention_resolutions": "16,8"]) == "attention_resolutions")
    #expect(place(["use_fp16": 1]) == "use_fp16")
    #expect(place(["num_res_blocks": .null]) == "num_res_blocks")
  }

  @Test func aMissingArgumentIsNamed() {
    var fields = Self.cifar
    fields["out_channels"] = nil
    let error = #expect(throws: PlumbError.self) {
      try NetworkCatalogue.network(architecture: "adm-unet", configuration: .object(fields))
    }
    #expect(error?.place == "out_channels" && error?.kind == .input)
  }

  @Test func anUnknownArchitectureListsTheKnown() {
    let error = #expect(throws: PlumbError.self) { try NetworkCatalogue.network(architecture: "unet", configuration: [:]) }
    #expect(error?.expected == NetworkCatalogue.all.map { $0.architecture }.joined(separator: ", "))
  }

  @Test func anUnknownTapIsRefused() throws {
    #expect(throws: PlumbError.self) { try network().graph(taps: ["h_end"]) }
  }

  /// Every combination of the options that change the structure gives a sound graph; the options that do not change it leave
  /// the graph alone.
  @Test func everyCombinationOfOptionsGivesASoundGraph() throws {
    let flags = ["conv_resample", "use_scale_shift_norm", "resblock_updown", "use_new_attention_order"]
    let small: [String: JSONValue] = [
      "image_size": 16, "in_channels": 2, "model_channels": 32, "out_channels": 4, "num_res_blocks": 2, "channel_mult": [1, 2, 3],
    ]
    for bits in 0..<16 {
      for attention: JSONValue in [[], [1, 4], [2]] {
        for classes: JSONValue in [.null, 7] {
          var fields = small.merging(["attention_resolutions": attention, "num_classes": classes]) { $1 }
          for (position, flag) in flags.enumerated() { fields[flag] = .bool(bits >> position & 1 == 1) }
          let network = try NetworkCatalogue.network(architecture: "adm-unet", configuration: .object(fields))
          let graph = try network.graph()
          #expect(graph.outputs.first?.shape == .image(height: 16, width: 16, channels: 4))
          #expect(graph.inputs.map(\.name).sorted() == (classes == .null ? ["timesteps", "x"] : ["labels", "timesteps", "x"]))
          fields.merge(["use_fp16": true, "use_checkpoint": true, "dropout": 0.5]) { $1 }
          #expect(try NetworkCatalogue.network(architecture: "adm-unet", configuration: .object(fields)).graph() == graph)
        }
      }
    }
  }
}
