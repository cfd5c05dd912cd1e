import Basics
import Checkpoints
import Engine
import Networks
import Testing

@Suite struct EDMConfigurationTests {
  /// `edm-cifar10-32x32-uncond-vp`, after EDM's training command.
  static let cifar: [String: JSONValue] = [
    "img_resolution": 32, "in_channels": 3, "out_channels": 3, "label_dim": 0, "augment_dim": 9, "model_channels": 128,
    "channel_mult": [2, 2, 2], "dropout": 0.13, "embedding_type": "positional", "encoder_type": "standard", "decoder_type": "standard",
    "channel_mult_noise": 1, "resample_filter": [1, 1],
  ]
  /// `edm-imagenet-64x64-cond-adm`.
  static let imageNet: [String: JSONValue] = [
    "img_resolution": 64, "in_channels": 3, "out_channels": 3, "label_dim": 1000, "model_channels": 192, "channel_mult": [1, 2, 3, 4],
  ]

  private func song(_ changes: [String: JSONValue] = [:]) throws -> any EDMNetwork {
    try SongUNet(configuration: .object(Self.cifar.merging(changes) { $1 }))
  }

  private func place(_ changes: [String: JSONValue]) -> String? { #expect(throws: PlumbError.self) { try song(changes) }?.place }

  private func count(_ network: any EDMNetwork) throws -> Int {
    try network.graph(taps: [], isAugmented: network.augmentWidth > 0).parameters.filter { !$0.name.hasSuffix("resample_filter") }
      .reduce(0) { try $0 + HostTensor.elementCount($1.shape) }
  }

  /// Karras et al. 2022, table 7: 56 million parameters for both CIFAR-10 networks, 296 million for ImageNet-64.
  @Test func publishedNetworksHaveTheirSizes() throws {
    let ncsnpp: [String: JSONValue] = [
      "embedding_type": "fourier", "encoder_type": "residual", "channel_mult_noise": 2, "resample_filter": [1, 3, 3, 1],
    ]
    let sizes = [
      try count(song()), try count(song(ncsnpp)), try count(DhariwalUNet(configuration: .object(Self.imageNet))),
    ]
    print("parameters of DDPM++, NCSN++, ADM: \(sizes)")
    #expect(sizes.map { ($0 + 500_000) / 1_000_000 } == [56, 56, 296])
  }

  @Test func defaultsAreFilledInAndTheCanonicalFormIsStable() throws {
    let least: JSONValue = ["img_resolution": 32, "in_channels": 3, "out_channels": 3]
    let song = try SongUNet(configuration: least).configuration
    #expect(
      song == [
        "img_resolution": 32, "in_channels": 3, "out_channels": 3, "label_dim": 0, "augment_dim": 0, "model_channels": 128,
        "channel_mult": [1, 2, 2, 2], "channel_mult_emb": 4, "num_blocks": 4, "attn_resolutions": [16], "dropout": 0.1,
        "label_dropout": 0.0, "embedding_type": "positional", "channel_mult_noise": 1, "encoder_type": "standard",
        "decoder_type": "standard", "resample_filter": [1, 1],
      ])
    #expect(try SongUNet(configuration: song).configuration == song)
    let dhariwal = try DhariwalUNet(configuration: least).configuration
    #expect(
      dhariwal == [
        "img_resolution": 32, "in_channels": 3, "out_channels": 3, "label_dim": 0, "augment_dim": 0, "model_channels": 192,
        "channel_mult": [1, 2, 3, 4], "channel_mult_emb": 4, "num_blocks": 3, "attn_resolutions": [32, 16, 8], "dropout": 0.1,
        "label_dropout": 0.0,
      ])
    #expect(try DhariwalUNet(configuration: dhariwal).configuration == dhariwal)
  }

  @Test func errorsNameTheField() {
    #expect(place(["img_resolution": 30]) == "img_resolution")
    #expect(place(["channel_mults": [1]]) == "channel_mults")
    #expect(place(["channel_mult": [1.5, 2]]) == "channel_mult")
    #expect(place(["channel_mult": []]) == "channel_mult")
    #expect(place(["encoder_type": "residul"]) == "encoder_type")
    #expect(place(["embedding_type": 3]) == "embedding_type")
    #expect(place(["resample_filter": [1, 2, 1]]) == "resample_filter")
    #expect(place(["resample_filter": [1, -1]]) == "resample_filter")
    #expect(place(["model_channels": 7]) == "model_channels")
    #expect(place(["label_dim": -1]) == "label_dim")
    // 144 channels do not divide into 32 groups.
    #expect(place(["model_channels": 144])?.hasPrefix("channel_mult: group norm") == true)
  }

  @Test func augmentationIsAnInputOnlyWhenAskedFor() throws {
    let network = try song()
    #expect(network.augmentWidth == 9)
    #expect(try network.graph().inputs.map(\.name).sorted() == ["timesteps", "x"])
    let augmented = try network.graph(taps: [], isAugmented: true)
    #expect(augmented.inputs.map(\.name).sorted() == ["augment_labels", "timesteps", "x"])
    let added = try Set(augmented.parameters).subtracting(network.graph().parameters)
    #expect(added == [ParameterSpec(name: "map_augment.weight", shape: [128, 9])])
    #expect(throws: PlumbError.self) { try song(["augment_dim": 0]).graph(taps: [], isAugmented: true) }
  }

  @Test func tapsAreTheOriginalsBlocks() throws {
    let network = try song()
    #expect(network.blockNames.first == "enc.32x32_conv" && network.blockNames.last == "dec.32x32_aux_conv")
    #expect(Set(network.blockNames).count == network.blockNames.count)
    let graph = try network.graph(taps: ["emb", "dec.8x8_in0"])
    #expect(graph.outputs.first { $0.name == "emb" }?.shape == .vector(512))
    #expect(graph.outputs.first { $0.name == "dec.8x8_in0" }?.shape == .image(height: 8, width: 8, channels: 256))
    let error = #expect(throws: PlumbError.self) { try network.graph(taps: ["dec.4x4_in0"]) }
    #expect(error?.place == "dec.4x4_in0")
  }
}
