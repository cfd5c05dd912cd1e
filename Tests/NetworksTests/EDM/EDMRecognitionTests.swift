import Basics
import Checkpoints
import Engine
import Foundation
import Networks
import Testing

/// A checkpoint of which only names and shapes are known, as a conversion without attributes has it.
private struct BareTensors: TensorSource {
  let entries: [TensorEntry]
  func read(_ name: String) throws -> HostTensor { throw PlumbError("this tensor is not to be read", at: name) }
}

@Suite struct EDMRecognitionTests {
  /// Every golden case with a preconditioned network.
  static let cases = ["edm", "pfgmpp"].flatMap { family in
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: Golden.repository + "Tests/Golden/\(family)")) ?? []
    return folders.filter { !$0.hasPrefix("block") }.sorted().map { "\(family)/\($0)" }.filter { name in
      (try? JSONValue(contentsOf: Golden.repository + "Tests/Golden/\(name)/case.json"))?["weights"]?.text != nil
    }
  }

  @Test func thereAreCases() { #expect(Self.cases.count > 20) }

  private func open(_ name: String) throws -> (facts: JSONValue, source: any TensorSource) {
    let folder = Golden.repository + "Tests/Golden/" + name + "/"
    let facts = try JSONValue(contentsOf: folder + "case.json")
    return (facts, try CheckpointFile.open(folder + #require(facts["weights"]?.text)))
  }

  /// The one architecture that recognises a source.
  private func recognise(_ source: any TensorSource) throws -> (type: any EDMNetwork.Type, found: Recognition) {
    let found = try NetworkCatalogue.all.compactMap { type in try type.recognise(source).map { (type, $0) } }
    #expect(found.count == 1, "\(found.map(\.0))")
    return (try #require(found.first?.0 as? any EDMNetwork.Type), try #require(found.first?.1))
  }

  @Test(arguments: cases) func theFileTellsTheNetworkAndItsPreconditioner(name: String) throws {
    let (facts, source) = try open(name)
    let (type, found) = try recognise(source)
    let network = try type.init(configuration: found.completed(by: [:]))
    let tensors = try network.tensors(in: source, choice: .authors)
    #expect(try network.graph().mismatches(against: tensors.entries) == [])
    let kinds = ["EDMPrecond": "edm", "VPPrecond": "vp", "VEPrecond": "ve", "iDDPMPrecond": "iddpm"]
    #expect(found.process["kind"]?.text == (facts["config"]?["class"]?.text).flatMap { kinds[$0] })
    for (attribute, value) in facts["config"]?["attributes"]?.object ?? [:] {
      guard let told = found.process[attribute] else { continue }
      #expect(told == value || told.double == value.double, "\(attribute)")
    }
    #expect(["sigma_data", "sigma_min", "sigma_max"].contains { found.process[$0] != nil })
    #expect(found.process["u"]?.list?.count == (found.process["kind"] == "iddpm" ? 1001 : nil))
    let arguments = facts["config"]?["init_kwargs"]
    #expect(found.process["D"] == (arguments?["pfgmpp"] == true ? arguments?["D"] : nil))
  }

  @Test(arguments: cases, ["", "model.", "ema/model."]) func namesAndShapesTellAsMuch(name: String, prefix: String) throws {
    let source = try open(name).source
    let (type, told) = try recognise(source)
    let full = try type.init(configuration: told.completed(by: [:]))
    let tensors = try full.tensors(in: source, choice: .ema, isAugmented: full.augmentWidth > 0)
    let bare = BareTensors(entries: tensors.entries.map { TensorEntry(name: prefix + $0.name, dtype: $0.dtype, shape: $0.shape) })
    let (bareType, found) = try recognise(bare)
    #expect(bareType.architecture == type.architecture && found.undetermined.isEmpty && found.process.isEmpty)
    let network = try bareType.init(configuration: found.completed(by: [:]))
    #expect(try network.graph() == full.graph(), "the graph is that of the whole configuration")
    #expect(try network.graph().mismatches(against: network.tensors(in: bare, choice: .authors).entries) == [])
  }

  /// For every combination of the options that change the structure.
  @Test func everyCombinationOfOptionsIsToldByItsShapes() throws {
    let small: [String: JSONValue] = ["img_resolution": 16, "in_channels": 2, "out_channels": 3, "model_channels": 8, "num_blocks": 1]
    func check(_ network: any EDMNetwork, _ note: String) throws {
      let graph = try network.graph(taps: [], isAugmented: network.augmentWidth > 0)
      let bare = BareTensors(entries: graph.parameters.map { TensorEntry(name: $0.name, dtype: .float32, shape: $0.shape) })
      let (type, found) = try recognise(bare)
      let again = try type.init(configuration: found.completed(by: [:]))
      #expect(try again.graph() == network.graph(), "\(note)")
      #expect(again.augmentWidth == network.augmentWidth && again.classCount == network.classCount, "\(note)")
    }
    for embedding: JSONValue in ["positional", "fourier"] {
      for encoder: JSONValue in ["standard", "skip", "residual"] {
        for decoder: JSONValue in ["standard", "skip"] {
          for (multipliers, attention, classes, blocks) in [([1], [16], 0, 1), ([2, 1, 3], [8], 5, 2), ([1, 2], [], 3, 0)] {
            let options: [String: JSONValue] = [
              "embedding_type": embedding, "encoder_type": encoder, "decoder_type": decoder, "channel_mult": JSONValue(multipliers),
              "attn_resolutions": JSONValue(attention), "label_dim": JSONValue(classes), "augment_dim": JSONValue(classes),
              "channel_mult_noise": 2, "resample_filter": [1, 3, 3, 1], "num_blocks": JSONValue(blocks),
            ]
            try check(SongUNet(configuration: .object(small.merging(options) { $1 })), "\(options)")
          }
        }
      }
    }
    for (width, attention) in [(8, [16, 8]), (64, [8]), (64, [])] {
      let options: [String: JSONValue] = [
        "model_channels": JSONValue(width), "attn_resolutions": JSONValue(attention), "channel_mult": [1, 2], "label_dim": 4,
        "augment_dim": 3, "channel_mult_emb": 2,
      ]
      try check(DhariwalUNet(configuration: .object(small.merging(options) { $1 })), "\(options)")
    }
  }

  @Test func rawWeightsAreThoseUnderNet() throws {
    let (_, source) = try open("pfgmpp/net-ddpmpp-D128")
    let (type, found) = try recognise(source)
    let network = try type.init(configuration: found.completed(by: [:]))
    let name = "enc.8x8_conv.weight"
    let sets = try [WeightChoice.authors, .ema, .raw].map { try network.tensors(in: source, choice: $0).read(name) }
    #expect(sets[0] == sets[1] && sets[0] != sets[2])
    #expect(try sets[2] == source.read("net/model." + name))
    let average = try open("edm/net-ddpmpp-edm").source
    #expect(throws: PlumbError.self) { try network.tensors(in: average, choice: .raw) }
  }

  @Test func otherCheckpointsAreNotTakenForEDMs() throws {
    let digits = try CheckpointFile.open(Golden.digits + "digits-adm.pt")
    #expect(try SongUNet.recognise(digits) == nil && DhariwalUNet.recognise(digits) == nil)
    // Only one of the two architectures is in a file.
    let (_, song) = try open("edm/net-ddpmpp-edm")
    #expect(try DhariwalUNet.recognise(song) == nil && ADMUNet.recognise(song) == nil)
  }

  @Test func damagedShapesAreToldWithTheTensor() throws {
    let source = try open("edm/net-ddpmpp-edm").source.under("ema/model.")
    func error(_ name: String, _ shape: [Int]) -> PlumbError? {
      let entries = source.entries.map { $0.name == name ? TensorEntry(name: name, dtype: $0.dtype, shape: shape) : $0 }
      return #expect(throws: PlumbError.self, "\(name)") { try SongUNet.recognise(BareTensors(entries: entries)) }
    }
    for (name, shape) in [
      ("map_layer0.weight", [32]), ("map_layer0.weight", [33, 8]), ("enc.8x8_conv.weight", [8, 3]), ("enc.8x8_conv.weight", [0, 3, 3, 3]),
      ("dec.4x4_block0.conv0.weight", [9, 16, 3, 3]), ("map_augment.weight", [8]),
    ] {
      #expect(error(name, shape)?.place == name && error(name, shape)?.kind == .input)
    }
  }
}
