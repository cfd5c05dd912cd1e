import Basics

/// The arguments of EDM's `UNetBlock` that shape it (Karras et al. 2022, `training/networks.py`), with the original defaults.
struct EDMBlockArguments: Sendable, Hashable {
  var inChannels: Int
  var outChannels: Int
  var embChannels: Int
  var up = false
  var down = false
  var attention = false
  /// Heads of an attending block; one for every `channelsPerHead` channels when nil.
  var numHeads: Int?
  var channelsPerHead = 64
  /// The residual sums are multiplied by it.
  var skipScale = 1.0
  /// Of the group norms.
  var eps = 1e-5
  /// Taps of the filter that changes the resolution, before they are divided by their sum.
  var resampleFilter: [Double] = [1, 1]
  /// A skip that changes the resolution has a weight of its own.
  var resampleProj = false
  /// The embedding scales and shifts the second norm; else it is added before it.
  var adaptiveScale = true

  /// 0 where the block does not attend: also where there are fewer channels than one head takes.
  var heads: Int { attention ? numHeads ?? outChannels / channelsPerHead : 0 }
  var changesResolution: Bool { up || down }
}

extension EDMBlockArguments {
  /// Reads the constructor's keyword arguments. Throws `PlumbError` whose place is the argument.
  init(_ configuration: JSONValue) throws {
    var reader = try ConfigurationReader(configuration)
    self.init(
      inChannels: reader.integer("in_channels", in: 4...65536), outChannels: reader.integer("out_channels", in: 4...65536),
      embChannels: reader.integer("emb_channels", in: 1...65536))
    up = reader.flag("up", default: false)
    down = reader.flag("down", default: false)
    attention = reader.flag("attention", default: false)
    numHeads = reader.optionalInteger("num_heads", in: 1...65536)
    channelsPerHead = reader.integer("channels_per_head", in: 1...65536, default: 64)
    _ = reader.number("dropout", in: 0...1, default: 0)
    skipScale = reader.number("skip_scale", in: 0...1000, default: 1)
    eps = reader.number("eps", in: 0...1, default: 1e-5)
    resampleFilter = reader.filter("resample_filter")
    resampleProj = reader.flag("resample_proj", default: false)
    adaptiveScale = reader.flag("adaptive_scale", default: true)
    // How weights are drawn before training.
    for name in ["init", "init_zero", "init_attn"] { reader.ignore(name) }
    try reader.finish()
    guard !(up && down) else { throw PlumbError("a block does not double and halve", kind: .input, at: "down") }
  }
}

extension ConfigurationReader {
  /// Taps of a resampling filter: an even number of them, with a sum to divide by.
  mutating func filter(_ name: String) -> [Double] {
    let taps = numbers(name, count: 2...64, in: -1e6...1e6, default: [1, 1])
    if taps.count % 2 != 0 || taps.reduce(0, +) == 0 {
      refuse(
        name, "a resampling filter has an even number of taps and a sum", expected: "such as [1, 1] or [1, 3, 3, 1]", found: "\(taps)")
    }
    return taps
  }
}
