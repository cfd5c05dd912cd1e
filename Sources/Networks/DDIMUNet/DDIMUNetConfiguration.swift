import Basics

/// The arguments of ermongroup/ddim's `Model`, under their original names: those of the section `model` of its configuration,
/// and the picture's size of the section `data`, as `resolution` or `image_size`.
struct DDIMUNetConfiguration: Sendable, Hashable {
  /// Rows and columns of the pictures.
  let resolution: Int
  let inChannels: Int
  let outCh: Int
  /// Widths, blocks and levels; the embedding is four times as wide as `ch`.
  let pyramid: Pyramid
  /// Off when a network is evaluated; kept because it belongs to the configuration.
  let dropout: Double

  /// Group norm always has 32 groups in the original.
  private static let groups = 32

  init(_ value: JSONValue) throws {
    var reader = try ConfigurationReader(value)
    let sizes = ["resolution", "image_size"].compactMap { reader.optionalInteger($0, in: 1...4096) }
    let resolution = sizes.first ?? 1
    self.resolution = resolution
    if sizes.isEmpty { reader.lack("resolution") }
    if Set(sizes).count > 1 {
      reader.refuse("resolution", "the size of the pictures is given twice", expected: "resolution or image_size", found: "\(sizes)")
    }
    inChannels = reader.integer("in_channels", in: 1...4096)
    outCh = reader.integer("out_ch", in: 1...4096)
    let (ch, chMult) = (reader.integer("ch", in: 4...8192), reader.integers("ch_mult", count: 1...12, in: 1...1024))
    let numResBlocks = reader.integer("num_res_blocks", in: 1...64)
    let attending = reader.integers("attn_resolutions", count: 0...64, in: 1...65536, default: [])
    let named = reader.integers("attn_levels", count: 0...12, in: 0...11, default: [])
    dropout = reader.number("dropout", in: 0...1, default: 0)
    pyramid = Pyramid(
      ch: ch, chMult: chMult, numResBlocks: numResBlocks,
      attentionLevels: chMult.indices.filter { attending.contains(resolution >> $0) || named.contains($0) },
      resampWithConv: reader.flag("resamp_with_conv", default: true), groups: Self.groups)
    _ = reader.text("type", of: ["simple", "bayesian"], default: "simple")
    for name in ["var_type", "ema", "ema_rate"] { reader.ignore(name) }
    try reader.finish()
    try ConfigurationReader.check(resolution, at: "resolution", canBeHalvedFor: pyramid.levels)
    try pyramid.checkWidths()
  }

  /// All arguments with their defaults filled in.
  var canonical: JSONValue {
    [
      "resolution": JSONValue(resolution), "in_channels": JSONValue(inChannels), "out_ch": JSONValue(outCh),
      "ch": JSONValue(pyramid.ch), "ch_mult": JSONValue(pyramid.chMult), "num_res_blocks": JSONValue(pyramid.numResBlocks),
      "attn_resolutions": JSONValue(pyramid.attentionLevels.map { resolution >> $0 }), "dropout": .number(dropout),
      "resamp_with_conv": .bool(pyramid.resampWithConv),
    ]
  }
}
