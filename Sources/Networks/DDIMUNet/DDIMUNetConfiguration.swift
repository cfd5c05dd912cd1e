import Basics

/// The arguments of ermongroup/ddim's `Model`, under their original names: those of the section `model` of its configuration,
/// and the picture's size of the section `data`, as `resolution` or `image_size`.
struct DDIMUNetConfiguration: Sendable, Hashable {
  /// Rows and columns of the pictures.
  let resolution: Int
  let inChannels: Int
  let outCh: Int
  /// The width that `chMult` multiplies; the embedding is four times as wide.
  let ch: Int
  let chMult: [Int]
  /// Residual blocks of a level going down; going up there is one more.
  let numResBlocks: Int
  /// Levels with attention, 0 being the full resolution.
  let attentionLevels: [Int]
  /// Off when a network is evaluated; kept because it belongs to the configuration.
  let dropout: Double
  /// Convolutions that halve and double; else the mean of four and bare repetition.
  let resampWithConv: Bool

  /// Group norm always has 32 groups in the original.
  static let groups = 32

  var levels: Int { chMult.count }

  /// The width of a level.
  func width(_ level: Int) -> Int { ch * chMult[level] }

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
    ch = reader.integer("ch", in: 4...8192)
    chMult = reader.integers("ch_mult", count: 1...12, in: 1...1024)
    numResBlocks = reader.integer("num_res_blocks", in: 1...64)
    let attending = reader.integers("attn_resolutions", count: 0...64, in: 1...65536, default: [])
    let named = reader.integers("attn_levels", count: 0...12, in: 0...11, default: [])
    attentionLevels = chMult.indices.filter { attending.contains(resolution >> $0) || named.contains($0) }
    dropout = reader.number("dropout", in: 0...1, default: 0)
    resampWithConv = reader.flag("resamp_with_conv", default: true)
    _ = reader.text("type", of: ["simple", "bayesian"], default: "simple")
    for name in ["var_type", "ema", "ema_rate"] { reader.ignore(name) }
    try reader.finish()
    let side = 1 << (chMult.count - 1)
    guard resolution % side == 0 else {
      throw PlumbError(
        "the picture cannot be halved once for every level but the first", kind: .input, at: "resolution",
        expected: "a multiple of \(side)", found: "\(resolution)")
    }
    for (width, place) in [(ch, "ch")] + chMult.map({ (ch * $0, "ch_mult") }) {
      guard width <= 65536, width % Self.groups == 0 else {
        throw PlumbError(
          "a width does not divide into \(Self.groups) groups of the norm", kind: .input, at: place,
          expected: "a multiple of \(Self.groups), at most 65536", found: "\(width)")
      }
    }
  }

  /// All arguments with their defaults filled in.
  var canonical: JSONValue {
    [
      "resolution": JSONValue(resolution), "in_channels": JSONValue(inChannels), "out_ch": JSONValue(outCh), "ch": JSONValue(ch),
      "ch_mult": JSONValue(chMult), "num_res_blocks": JSONValue(numResBlocks),
      "attn_resolutions": JSONValue(attentionLevels.map { resolution >> $0 }), "dropout": .number(dropout),
      "resamp_with_conv": .bool(resampWithConv),
    ]
  }
}
