import Basics

/// Diffusers' `AutoencoderKL`: the same network under other arguments and names.
enum DiffusersAutoencoder {
  /// LDM's arguments from a Diffusers config.json; nil when the configuration is not one. Throws on a variant that is another
  /// network.
  static func arguments(_ value: JSONValue) throws -> JSONValue? {
    guard let fields = value.object, fields["block_out_channels"] != nil || fields["_class_name"] != nil else { return nil }
    var reader = try ConfigurationReader(value)
    _ = reader.text("_class_name", of: ["AutoencoderKL"], default: "AutoencoderKL")
    _ = reader.text("act_fn", of: ["silu", "swish"], default: "silu")
    let widths = reader.integers("block_out_channels", count: 1...12, in: 1...65536, default: [64])
    let ch = widths[0]
    let latents = reader.integer("latent_channels", in: 1...4096, default: 4)
    let size = reader.integer("sample_size", in: 1...16384, default: 32)
    let arguments: [String: JSONValue] = [
      "ch": JSONValue(ch), "ch_mult": JSONValue(widths.map { $0 / ch }),
      "num_res_blocks": JSONValue(reader.integer("layers_per_block", in: 1...64, default: 1)), "z_channels": JSONValue(latents),
      "embed_dim": JSONValue(latents), "double_z": true, "attn_resolutions": [], "resolution": JSONValue(size),
      "image_size": JSONValue(reader.integer("image_size", in: 1...16384, default: size)),
      "in_channels": JSONValue(reader.integer("in_channels", in: 1...4096, default: 3)),
      "out_ch": JSONValue(reader.integer("out_channels", in: 1...4096, default: 3)),
      "norm_num_groups": JSONValue(reader.integer("norm_num_groups", in: 1...8192, default: 32)),
      // The default of Diffusers; the key came later than the models.
      "scale_factor": .number(reader.number("scaling_factor", in: 1e-6...1e6, default: 0.18215)),
    ]
    for name in ["_diffusers_version", "_name_or_path", "down_block_types", "up_block_types", "force_upcast"] { reader.ignore(name) }
    for (name, expected) in absent { refuse(name, unless: expected, fields, &reader) }
    for (name, word) in [("down_block_types", "DownEncoderBlock2D"), ("up_block_types", "UpDecoderBlock2D")] {
      guard let types = fields[name] else { continue }
      if types.list != widths.map({ _ in .text(word) }) {
        reader.refuse(
          name, "these blocks are not supported", expected: "\(widths.count) times \(word)",
          found: String(decoding: types.encoded(), as: UTF8.self))
      }
    }
    try reader.finish()
    guard widths.allSatisfy({ $0 % ch == 0 }) else {
      throw PlumbError("a width is no multiple of the first", kind: .input, at: "block_out_channels", found: "\(widths)")
    }
    return .object(arguments)
  }

  /// Options of later models, and the values that leave this network as it is.
  private static let absent: [(String, JSONValue)] = [
    ("shift_factor", .null), ("latents_mean", .null), ("latents_std", .null), ("use_quant_conv", true), ("use_post_quant_conv", true),
    ("mid_block_add_attention", true),
  ]

  private static func refuse(
    _ name: String, unless expected: JSONValue, _ fields: [String: JSONValue], _ reader: inout ConfigurationReader
  ) {
    reader.ignore(name)
    guard let found = fields[name], found != expected else { return }
    reader.refuse(
      name, "this option of the autoencoder is not supported", expected: String(decoding: expected.encoded(), as: UTF8.self),
      found: String(decoding: found.encoded(), as: UTF8.self))
  }

  /// The names a parameter of LDM's layout may have in Diffusers': one, or with the newer first, two. `levels` is the number
  /// of resolutions; a decoder's levels are counted from the lowest.
  static func names(_ parameter: String, levels: Int) -> [String] {
    var parts = parameter.split(separator: ".").map(String.init)
    let suffix = parts.removeLast()
    guard parts.count > 1 else { return [parameter] }
    switch (parts[1], parts.count > 2 ? Int(parts[2]) : nil) {
    case ("down", let level?): parts.replaceSubrange(1...2, with: ["down_blocks", "\(level)"])
    case ("up", let level?): parts.replaceSubrange(1...2, with: ["up_blocks", "\(levels - 1 - level)"])
    case ("mid", _): parts[1] = "mid_block"
    case ("norm_out", _): parts[1] = "conv_norm_out"
    default: break
    }
    let attention = parts.contains("attn_1")
    let middle = ["block_1": ["resnets", "0"], "block_2": ["resnets", "1"], "attn_1": ["attentions", "0"]]
    let words = [
      "block": ["resnets"], "downsample": ["downsamplers", "0"], "upsample": ["upsamplers", "0"], "nin_shortcut": ["conv_shortcut"],
    ]
    parts = parts.flatMap { middle[$0] ?? words[$0] ?? [$0] }
    guard attention, let last = parts.popLast() else { return [(parts + [suffix]).joined(separator: ".")] }
    return (attentionNames[last] ?? [last]).map { (parts + [$0, suffix]).joined(separator: ".") }
  }

  /// Newer releases of Diffusers, then older ones.
  private static let attentionNames = [
    "norm": ["group_norm"], "q": ["to_q", "query"], "k": ["to_k", "key"], "v": ["to_v", "value"], "proj_out": ["to_out.0", "proj_attn"],
  ]
}
