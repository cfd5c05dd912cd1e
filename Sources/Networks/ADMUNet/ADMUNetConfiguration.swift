import Basics

/// The arguments of guided-diffusion's `UNetModel` (Dhariwal and Nichol 2021), under their original names and with their
/// original defaults.
struct ADMUNetConfiguration: Sendable, Hashable {
  /// Rows and columns of the pictures.
  let imageSize: Int
  let inChannels: Int
  /// The width that `channelMult` multiplies; the embedding is four times as wide.
  let modelChannels: Int
  /// Twice the picture's channels when the variance is learned.
  let outChannels: Int
  /// Residual blocks of a level going down; going up there is one more.
  let numResBlocks: Int
  /// Down-sampling factors at which there is attention: 2 means half the picture's size.
  let attentionResolutions: [Int]
  /// Off when a network is evaluated; kept because it belongs to the configuration.
  let dropout: Double
  /// Width of every level in units of `modelChannels`; may be fractional.
  let channelMult: [Double]
  /// Convolutions that halve and double; else the mean of four and bare repetition. Without effect with `resblockUpdown`.
  let convResample: Bool
  let numClasses: Int?
  /// How gradients are computed: no effect on values.
  let useCheckpoint: Bool
  /// Weights kept as float16: they are widened when read, so no effect here.
  let useFP16: Bool
  let numHeads: Int
  /// Takes the place of `numHeads` when given.
  let numHeadChannels: Int?
  /// `numHeads` of the way up; the same as down when nil.
  let numHeadsUpsample: Int?
  /// The embedding scales and shifts the second norm; else it is added before it.
  let useScaleShiftNorm: Bool
  /// Residual blocks that halve and double, in place of plain layers.
  let resblockUpdown: Bool
  let useNewAttentionOrder: Bool

  /// Width of level `level`: int(channel_mult[level] * model_channels).
  func width(_ level: Int) -> Int { Int(channelMult[level] * Double(modelChannels)) }

  /// Width of a level going down and, at the deepest, in the middle: without residual blocks nothing widens.
  func widthDownward(_ level: Int) -> Int { width(numResBlocks == 0 ? 0 : level) }

  var levels: Int { channelMult.count }

  /// What the network takes.
  var image: ImageShape { ImageShape(channels: inChannels, side: imageSize) }

  /// Group norm always has 32 groups in the original.
  static let groups = 32

  init(_ value: JSONValue) throws {
    var reader = try ConfigurationReader(value)
    self.init(&reader)
    try reader.finish()
    try check()
  }

  /// Takes its arguments out of `reader`, which may hold others; `check` follows. `defaultHeads` is that of `num_heads`.
  init(_ reader: inout ConfigurationReader, defaultHeads: Int = 1) {
    imageSize = reader.integer("image_size", in: 1...4096)
    inChannels = reader.integer("in_channels", in: 1...4096)
    modelChannels = reader.integer("model_channels", in: 1...8192)
    outChannels = reader.integer("out_channels", in: 1...4096)
    numResBlocks = reader.integer("num_res_blocks", in: 0...64)
    attentionResolutions = Set(reader.integers("attention_resolutions", count: 0...64, in: 1...65536)).sorted()
    dropout = reader.number("dropout", in: 0...1, default: 0)
    channelMult = reader.numbers("channel_mult", count: 1...12, in: 0.001...1024, default: [1, 2, 4, 8])
    convResample = reader.flag("conv_resample", default: true)
    _ = reader.integer("dims", in: 2...2, default: 2)
    numClasses = reader.optionalInteger("num_classes", in: 1...1_000_000)
    useCheckpoint = reader.flag("use_checkpoint", default: false)
    useFP16 = reader.flag("use_fp16", default: false)
    numHeads = reader.integer("num_heads", in: -1...4096, default: defaultHeads)
    numHeadChannels = reader.optionalInteger("num_head_channels", in: 1...65536)
    numHeadsUpsample = reader.optionalInteger("num_heads_upsample", in: 1...4096)
    useScaleShiftNorm = reader.flag("use_scale_shift_norm", default: false)
    resblockUpdown = reader.flag("resblock_updown", default: false)
    useNewAttentionOrder = reader.flag("use_new_attention_order", default: false)
  }

  /// Throws when no network of these widths and sizes can be built.
  func check() throws {
    try ConfigurationReader.check(imageSize, at: "image_size", canBeHalvedFor: levels)
    for level in 0..<levels {
      let width = width(level)
      guard width > 0, width <= 65536, width % Self.groups == 0 else {
        throw PlumbError(
          "the width of level \(level), int(\(channelMult[level]) * \(modelChannels)), does not divide into \(Self.groups) groups of the norm",
          kind: .input, at: "channel_mult", expected: "a multiple of \(Self.groups)", found: "\(width)")
      }
      let attends = attentionResolutions.contains(1 << level)
      // The deepest level always has attention, in the middle.
      if attends || level == levels - 1 { try checkHeads(width: widthDownward(level), level: level) }
      if attends { try checkHeads(width: width, level: level) }
    }
  }

  private func checkHeads(width: Int, level: Int) throws {
    if let numHeadChannels {
      guard width % numHeadChannels == 0 else {
        throw PlumbError(
          "the width of a head does not divide the width of level \(level)", kind: .input, at: "num_head_channels",
          expected: "a divisor of \(width)", found: "\(numHeadChannels)")
      }
      return
    }
    for (name, heads) in [("num_heads", numHeads), ("num_heads_upsample", numHeadsUpsample ?? numHeads)] {
      guard heads > 0, width % heads == 0 else {
        throw PlumbError(
          "the heads do not divide the width of level \(level)", kind: .input, at: name, expected: "a divisor of \(width)",
          found: "\(heads)")
      }
    }
  }

  /// Heads of an attention block of this width, going down (and in the middle) or up.
  func heads(width: Int, isUpward: Bool) -> Int {
    numHeadChannels.map { width / $0 } ?? (isUpward ? numHeadsUpsample ?? numHeads : numHeads)
  }

  /// All arguments with their defaults filled in. Whole multipliers are printed as whole numbers.
  var canonical: JSONValue {
    [
      "image_size": JSONValue(imageSize), "in_channels": JSONValue(inChannels), "model_channels": JSONValue(modelChannels),
      "out_channels": JSONValue(outChannels), "num_res_blocks": JSONValue(numResBlocks),
      "attention_resolutions": JSONValue(attentionResolutions), "dropout": .number(dropout),
      "channel_mult": .list(channelMult.map { Int64(exactly: $0).map(JSONValue.integer) ?? .number($0) }),
      "conv_resample": .bool(convResample), "dims": 2, "num_classes": numClasses.map { JSONValue($0) } ?? .null,
      "use_checkpoint": .bool(useCheckpoint), "use_fp16": .bool(useFP16), "num_heads": JSONValue(numHeads),
      "num_head_channels": JSONValue(numHeadChannels ?? -1), "num_heads_upsample": JSONValue(numHeadsUpsample ?? -1),
      "use_scale_shift_norm": .bool(useScaleShiftNorm), "resblock_updown": .bool(resblockUpdown),
      "use_new_attention_order": .bool(useNewAttentionOrder),
    ]
  }
}
