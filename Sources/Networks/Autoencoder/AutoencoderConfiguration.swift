import Basics

/// The arguments of LDM's `AutoencoderKL` and `VQModelInterface`, under their original names; those of `ddconfig` may stand
/// in it, as in the original files, or beside the others.
struct AutoencoderConfiguration: Sendable, Hashable {
  let inChannels: Int
  let outCh: Int
  /// The width that `chMult` multiplies.
  let ch: Int
  let chMult: [Int]
  /// Residual blocks of a level of the encoder; the decoder has one more.
  let numResBlocks: Int
  /// The nominal size of pictures: it says which level an entry of `attn_resolutions` means.
  let resolution: Int
  /// Levels with attention, 0 being the pictures' own size.
  let attentionLevels: [Int]
  let zChannels: Int
  /// Channels of the latents.
  let embedDim: Int
  /// Rows of the codebook; nil when latents are not quantised.
  let nEmbed: Int?
  /// Convolutions that halve and double; else the mean of four and bare repetition.
  let resampWithConv: Bool
  let dropout: Double
  /// 32 in LDM; Diffusers' `norm_num_groups`.
  let normGroups: Int
  /// What encodings are multiplied by: a field of the whole model in LDM, of the autoencoder in Diffusers.
  let scaleFactor: Double
  /// The size the graphs are built for; the network knows no size of its own.
  let imageSize: Int

  var levels: Int { chMult.count }
  var latentSize: Int { imageSize >> (levels - 1) }

  /// The width of a level.
  func width(_ level: Int) -> Int { ch * chMult[level] }

  init(_ value: JSONValue, isQuantised: Bool) throws {
    var reader = try ConfigurationReader(Self.flattened(try DiffusersAutoencoder.arguments(value) ?? value))
    inChannels = reader.integer("in_channels", in: 1...4096)
    outCh = reader.integer("out_ch", in: 1...4096)
    ch = reader.integer("ch", in: 1...8192)
    chMult = reader.integers("ch_mult", count: 1...12, in: 1...1024, default: [1, 2, 4, 8])
    numResBlocks = reader.integer("num_res_blocks", in: 0...64)
    resolution = reader.integer("resolution", in: 1...16384)
    let levels = chMult.count
    let (sizes, attending) = (
      reader.integers("attn_resolutions", count: 0...64, in: 1...16384, default: []),
      reader.integers("attn_levels", count: 0...12, in: 0...11, default: [])
    )
    let (resolution, side) = (self.resolution, 1 << (levels - 1))
    attentionLevels = (0..<levels).filter { sizes.contains(resolution >> $0) || attending.contains($0) }
    zChannels = reader.integer("z_channels", in: 1...4096)
    embedDim = reader.integer("embed_dim", in: 1...4096)
    nEmbed = isQuantised ? reader.integer("n_embed", in: 1...1 << 24) : nil
    let isDoubled = reader.flag("double_z", default: !isQuantised)
    resampWithConv = reader.flag("resamp_with_conv", default: true)
    dropout = reader.number("dropout", in: 0...1, default: 0)
    normGroups = reader.integer("norm_num_groups", in: 1...8192, default: 32)
    scaleFactor = reader.number("scale_factor", in: 1e-6...1e6, default: 1)
    imageSize = reader.integer("image_size", in: 1...16384, default: resolution)
    _ = reader.text("attn_type", of: ["vanilla"], default: "vanilla")
    let isLinear = reader.flag("use_linear_attn", default: false)
    for name in Self.withoutEffect { reader.ignore(name) }
    try reader.finish()
    guard isDoubled != isQuantised, !isLinear else {
      throw PlumbError(
        "this autoencoder is not supported", kind: .input, at: isLinear ? "use_linear_attn" : "double_z",
        expected: isLinear ? "false" : "\(!isQuantised)", found: isLinear ? "true" : "\(isDoubled)")
    }
    guard resolution % side == 0, imageSize % side == 0 else {
      throw PlumbError(
        "the picture cannot be halved once for every level but the first", kind: .input,
        at: resolution % side == 0 ? "image_size" : "resolution", expected: "a multiple of \(side)", found: "\(resolution), \(imageSize)")
    }
    try checkWidths()
  }

  /// Training, logging and what other files are read from.
  private static let withoutEffect = [
    "lossconfig", "monitor", "ckpt_path", "ignore_keys", "image_key", "colorize_nlabels", "batch_resize_range", "scheduler_config",
    "lr_g_factor", "sane_index_shape", "use_ema",
  ]

  private static func flattened(_ value: JSONValue) throws -> JSONValue {
    guard var fields = value.object, let inner = fields.removeValue(forKey: "ddconfig") else { return value }
    guard let inner = inner.object else { throw PlumbError("ddconfig is not an object", kind: .input, at: "ddconfig") }
    return .object(fields.merging(inner) { $1 })
  }

  private func checkWidths() throws {
    for (width, place) in [(ch, "ch")] + (0..<levels).map({ (width($0), "ch_mult") }) {
      guard width <= 65536, width % normGroups == 0 else {
        throw PlumbError(
          "a width does not divide into \(normGroups) groups of the norm", kind: .input, at: place,
          expected: "a multiple of \(normGroups), at most 65536", found: "\(width)")
      }
    }
  }

  /// All arguments with their defaults filled in, without `ddconfig`.
  var canonical: JSONValue {
    var fields: [String: JSONValue] = [
      "in_channels": JSONValue(inChannels), "out_ch": JSONValue(outCh), "ch": JSONValue(ch), "ch_mult": JSONValue(chMult),
      "num_res_blocks": JSONValue(numResBlocks), "resolution": JSONValue(resolution),
      "attn_resolutions": JSONValue(attentionLevels.map { resolution >> $0 }.sorted()), "z_channels": JSONValue(zChannels),
      "embed_dim": JSONValue(embedDim), "double_z": .bool(nEmbed == nil), "resamp_with_conv": .bool(resampWithConv),
      "dropout": .number(dropout), "norm_num_groups": JSONValue(normGroups), "scale_factor": .number(scaleFactor),
      "image_size": JSONValue(imageSize), "attn_type": "vanilla", "use_linear_attn": false,
    ]
    fields["n_embed"] = nEmbed.map { JSONValue($0) }
    return .object(fields)
  }
}
