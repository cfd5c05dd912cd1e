import Basics

extension EDMCheckpoint {
  /// What the file tells of a network of `architecture`; nil when it holds the other one.
  func recognition(of architecture: String) throws -> Recognition? {
    guard self.architecture == architecture else { return nil }
    let configuration = try given ?? (architecture == SongUNet.architecture ? songShapes() : dhariwalShapes())
    return Recognition(configuration: configuration, process: process)
  }

  /// Told by the class's name, else by the last layers.
  private var architecture: String? {
    switch network?["class_name"]?.text {
    case "SongUNet": return SongUNet.architecture
    case "DhariwalUNet": return DhariwalUNet.architecture
    case .some: return nil
    case nil: break
    }
    if shapes.has("out_conv.weight") { return DhariwalUNet.architecture }
    return shapes.names.contains { $0.hasPrefix("dec.") && $0.hasSuffix("_aux_conv.weight") } ? SongUNet.architecture : nil
  }

  /// What the constructor was given: keyword arguments, and the positional ones it begins with.
  private var given: [String: JSONValue]? {
    guard let keywords = network?["init_kwargs"]?.object else { return nil }
    let names = [
      "img_resolution", "in_channels", "out_channels", "label_dim", "augment_dim", "model_channels", "channel_mult",
      "channel_mult_emb", "num_blocks", "attn_resolutions", "dropout", "label_dropout",
    ]
    let positional = zip(names, network?["init_args"]?.list ?? []).map { ($0, $1) }
    return keywords.merging(positional) { keyword, _ in keyword }
  }

  /// The preconditioner under the names of its attributes, with "kind" "edm", "vp", "ve" or "iddpm", and "u", the noise levels of
  /// iDDPM. Values come from its state (VP's smallest noise level is not what its formula gives), then from what it was
  /// constructed with, then from the constructor's defaults; PFGM++'s "D" only where it is finite. Empty when the file has no preconditioner.
  var process: [String: JSONValue] {
    var process: [String: JSONValue]
    switch wrapper?["class_name"]?.text {
    case "EDMPrecond": process = ["kind": "edm", "sigma_min": 0, "sigma_max": "inf", "sigma_data": 0.5]
    case "VPPrecond": process = ["kind": "vp", "beta_d": 19.9, "beta_min": 0.1, "M": 1000, "epsilon_t": 1e-5]
    case "VEPrecond": process = ["kind": "ve", "sigma_min": 0.02, "sigma_max": 100]
    case "iDDPMPrecond": process = ["kind": "iddpm", "C_1": 0.001, "C_2": 0.008, "M": 1000]
    default: return levels.map { ["kind": "iddpm", "u": Self.list($0)] } ?? [:]
    }
    let own = ["sigma_min", "sigma_max", "sigma_data", "beta_d", "beta_min", "M", "epsilon_t", "C_1", "C_2", "pfgmpp", "D"]
    for values in [wrapper?["init_kwargs"], wrapper] {
      for name in own { process[name] = values?[name] ?? process[name] }
    }
    // PFGM++ constructs a plain diffusion network with a D too.
    if process["pfgmpp"] != true { process["D"] = nil }
    if let levels { process["u"] = Self.list(levels) }
    return process
  }

  private static func list(_ levels: [Float]) -> JSONValue { JSONValue(levels.map(Double.init)) }
}
