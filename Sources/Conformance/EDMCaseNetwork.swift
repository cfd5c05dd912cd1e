import Basics
import Checkpoints
import Engine
import Networks
import StageRuntime

/// The network of a case of EDM or PFGM++, recognised in its checkpoint; what the case says of it must agree.
struct EDMCaseNetwork {
  let network: any EDMNetwork
  /// The preconditioner, as `Recognition` tells it.
  let process: [String: JSONValue]
  private let source: any TensorSource
  private let place: String
  private let device: any Device

  /// Reads `class`, `init_kwargs` and `attributes` of a configuration. Throws when the checkpoint holds something else.
  init(_ golden: GoldenCase, config: FieldReader) throws {
    guard let place = golden.weights else { throw PlumbError("the case has no weights", kind: .input, at: "weights") }
    let source = try CheckpointFile.open(place)
    guard let (network, process) = try Self.recognise(source) else {
      throw PlumbError("no network of EDM is recognised in the checkpoint", at: place)
    }
    (self.network, self.process, self.source, self.place) = (network, process, source, place)
    device = golden.device
    try check(class: config.text("class"), arguments: config.object("init_kwargs"))
    if config.has("attributes") { try check(attributes: config.object("attributes")) }
    // How the file was written, and the seed of its weights.
    config.accept("kind", "pickle_era", "pickle_keys", "seed")
  }

  private static func recognise(_ source: any TensorSource) throws -> (any EDMNetwork, [String: JSONValue])? {
    for type in NetworkCatalogue.all {
      guard let type = type as? any EDMNetwork.Type, let found = try type.recognise(source) else { continue }
      return (try type.init(configuration: found.completed(by: [:])), found.process)
    }
    return nil
  }

  /// Arguments the preconditioners keep for themselves.
  private static let own: Set<String> = [
    "use_fp16", "sigma_min", "sigma_max", "sigma_data", "beta_d", "beta_min", "M", "epsilon_t", "C_1", "C_2", "pfgmpp", "D",
  ]
  private static let kinds = ["EDMPrecond": "edm", "VPPrecond": "vp", "VEPrecond": "ve", "iDDPMPrecond": "iddpm"]

  /// The arguments of the preconditioner contain those of the network.
  private func check(class name: String, arguments: FieldReader) throws {
    guard let kind = Self.kinds[name], process["kind"] == .text(kind) else {
      throw PlumbError(
        "the checkpoint has another preconditioner", at: "config.class", expected: name, found: "\(process["kind"] ?? .null)")
    }
    let isSong = arguments.has("model_type") ? try arguments.text("model_type") == "SongUNet" : kind == "vp" || kind == "ve"
    let channels = try arguments.integer("img_channels")
    var configuration: [String: JSONValue] = [
      "in_channels": JSONValue(channels), "out_channels": JSONValue(kind == "iddpm" ? 2 * channels : channels),
    ]
    for argument in arguments.rest() {
      let value = arguments.value(argument)
      if !Self.own.contains(argument) {
        configuration[argument] = value
      } else if let known = process[argument] {
        try check(argument, value, is: known)
      }
    }
    let architecture = isSong ? SongUNet.architecture : DhariwalUNet.architecture
    let said = try NetworkCatalogue.network(architecture: architecture, configuration: .object(configuration))
    guard said.configuration == network.configuration, type(of: network).architecture == architecture else {
      throw PlumbError(
        "the case tells another network than its checkpoint", at: "config.init_kwargs",
        expected: String(decoding: network.configuration.encoded(), as: UTF8.self),
        found: String(decoding: said.configuration.encoded(), as: UTF8.self))
    }
  }

  private func check(attributes: FieldReader) throws {
    attributes.accept("use_fp16")
    let own = ["img_resolution": network.image.height, "img_channels": network.image.channels, "label_dim": network.classCount ?? 0]
    for name in attributes.rest() {
      guard let known = process[name] ?? own[name].map({ JSONValue($0) }) ?? source.attribute("ema/\(name)") else {
        throw PlumbError("the checkpoint does not tell this attribute", at: "config.attributes.\(name)")
      }
      try check(name, attributes.value(name), is: known)
    }
  }

  private func check(_ name: String, _ value: JSONValue?, is known: JSONValue) throws {
    guard value == known || (value?.double != nil && value?.double == known.double) else {
      throw PlumbError("the checkpoint says otherwise", at: name, expected: "\(value ?? .null)", found: "\(known)")
    }
  }

  /// [C, H, W] of the images.
  var imageShape: [Int] { network.image.extents }

  /// A lane over the checkpoint as the network of chains: it is fed c_in x and c_noise, and gives F.
  func predictor(batch: Int) throws -> LanePredictor {
    try LanePredictor(network, network.tensors(in: source, choice: .authors), at: place, batch: batch, on: device)
  }

  /// F and `taps` for pictures already multiplied by c_in, with a c_noise and a label (-1: no class) for each.
  func evaluate(
    _ x: [Float], noise: [Float], labels: [Float], augmentation: [Float]? = nil, taps: Set<String> = []
  ) throws -> [String: HostTensor] {
    let graph = try network.graph(taps: taps, isAugmented: augmentation != nil)
    var inputs = ["x": x, "timesteps": noise]
    if network.classCount != nil { inputs["labels"] = labels }
    inputs["augment_labels"] = augmentation
    let tensors = try network.tensors(in: source, choice: .authors, isAugmented: augmentation != nil)
    return try graph.run(inputs, count: noise.count, weights: tensors, at: place, on: device)
  }

  /// The labels of one-hot rows: all -1 when the case has no input of this name.
  func labels(_ inputs: CaseInputs, _ name: String, count: Int) throws -> [Float] {
    guard inputs.has(name) else { return [Float](repeating: -1, count: count) }
    let tensor = try inputs.read(name)
    guard let classes = network.classCount, tensor.shape == [count, classes] else {
      throw PlumbError("class labels do not fit", kind: .input, at: name, expected: "[\(count), label_dim]", found: "\(tensor.shape)")
    }
    let values = tensor.floats()
    return try (0..<count).map { sample in
      let row = values[sample * classes..<(sample + 1) * classes]
      guard let index = row.firstIndex(where: { $0 != 0 }) else { return -1 }
      guard row[index] == 1, row.filter({ $0 != 0 }).count == 1 else {
        throw PlumbError("class labels are not one-hot", kind: .input, at: "\(name)[\(sample)]", found: "\(Array(row))")
      }
      return Float(index - row.startIndex)
    }
  }
}
