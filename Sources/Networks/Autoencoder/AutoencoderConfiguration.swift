import Basics

/// The arguments of LDM's `AutoencoderKL` and `VQModelInterface`, under their original names; those of `ddconfig` may stand
/// in it, as in the original files, or beside the others.
struct AutoencoderConfiguration: Sendable, Hashable {
  let inChannels: Int
  let outCh: Int
  /// Widths, blocks and levels; 32 groups in LDM, `norm_num_groups` in Diffusers.
  let pyramid: Pyramid
  /// The nominal size of pictures: it says which level an entry of `attn_resolutions` means.
  let resolution: Int
  let zChannels: Int
  /// Channels of the latents.
  let embedDim: Int
  /// Rows of the codebook; nil when latents are not quantised.
  let nEmbed: Int?
  let dropout: Double
  /// What encodings are multiplied by: a field of the whole model in LDM, of the autoencoder in Diffusers.
  let scaleFactor: Double
  /// The size the graphs are built for; the network knows no size of its own.
  let imageSize: Int

  var latentSize: Int { imageSize >> (pyramid.levels - 1) }

  init(_ value: JSONValue, isQuantised: Bool) throws {
    var reader = try ConfigurationReader(Self.flattened(try DiffusersAutoencoder.arguments(value) ?? value))
    inChannels = reader.integer("in_channels", in: 1...4096)
    outCh = reader.integer("out_ch", in: 1...4096)
    let ch = reader.integer("ch", in: 1...8192)
    let chMult = reader.integers("ch_mult", count: 1...12, in: 1...1024, default: [1, 2, 4, 8])
    let numResBlocks = reader.integer("num_res_blocks", in: 0...64)
    let resolution = reader.integer("resolution", in: 1...16384)
    self.resolution = resolution
    let (sizes, attending) = (
      reader.integers("attn_resolutions", count: 0...64, in: 1...16384, default: []),
      reader.integers("attn_levels", count: 0...12, in: 0...11, default: [])
    )
    zChannels = reader.integer("z_channels", in: 1...4096)
    embedDim = reader.integer("embed_dim", in: 1...4096)
    nEmbed = isQuantised ? reader.integer("n_embed", in: 1...1 << 24) : nil
    let isDoubled = reader.flag("double_z", default: !isQuantised)
    let resampWithConv = reader.flag("resamp_with_conv", default: true)
    dropout = reader.number("dropout", in: 0...1, default: 0)
    pyramid = Pyramid(
      ch: ch, chMult: chMult, numResBlocks: numResBlocks,
      attentionLevels: chMult.indices.filter { sizes.contains(resolution >> $0) || attending.contains($0) },
      resampWithConv: resampWithConv, groups: reader.integer("norm_num_groups", in: 1...8192, default: 32))
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
    for (size, place) in [(resolution, "resolution"), (imageSize, "image_size")] {
      try ConfigurationReader.check(size, at: place, canBeHalvedFor: pyramid.levels)
    }
    try pyramid.checkWidths()
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

  /// All arguments with their defaults filled in, without `ddconfig`.
  var canonical: JSONValue {
    var fields: [String: JSONValue] = [
      "in_channels": JSONValue(inChannels), "out_ch": JSONValue(outCh), "ch": JSONValue(pyramid.ch),
      "ch_mult": JSONValue(pyramid.chMult), "num_res_blocks": JSONValue(pyramid.numResBlocks), "resolution": JSONValue(resolution),
      "attn_resolutions": JSONValue(pyramid.attentionLevels.map { resolution >> $0 }.sorted()), "z_channels": JSONValue(zChannels),
      "embed_dim": JSONValue(embedDim), "double_z": .bool(nEmbed == nil), "resamp_with_conv": .bool(pyramid.resampWithConv),
      "dropout": .number(dropout), "norm_num_groups": JSONValue(pyramid.groups), "scale_factor": .number(scaleFactor),
      "image_size": JSONValue(imageSize), "attn_type": "vanilla", "use_linear_attn": false,
    ]
    fields["n_embed"] = nEmbed.map { JSONValue($0) }
    return .object(fields)
  }
}
