import Basics

/// What names and shapes tell of the way down of guided-diffusion's U-Net where there is no way up.
///
/// A block that halves looks like one that does not, so the levels are those with which every level has one width and has
/// attention everywhere or nowhere. Where that fits more than one number of levels, all that hangs on it is undetermined.
struct EncoderFacts {
  private(set) var configuration: [String: JSONValue]
  private(set) var undetermined: [UndeterminedArgument] = []
  /// Nil where several numbers fit.
  let levels: Int?

  /// What stands at one place of `input_blocks`, after the first convolution.
  private enum Block {
    /// A residual block, of this width.
    case residual(width: Int, attends: Bool)
    /// A layer that only halves.
    case halving
  }

  init?(_ shapes: CheckpointShapes) {
    let filled = Set(shapes.names.compactMap { UNetFacts.group($0, of: "input_blocks.") })
    guard let last = filled.max(), (1..<4096).contains(last), !shapes.names.contains(where: { $0.hasPrefix("output_blocks.") }),
      let modelChannels = shapes.extent("time_embed.0.weight", axis: 1), modelChannels > 0,
      let inChannels = shapes.extent("input_blocks.0.0.weight", axis: 1),
      let embedded = shapes.extent("middle_block.0.emb_layers.1.weight"),
      let middle = shapes.extent("middle_block.0.out_layers.0.weight")
    else { return nil }
    let blocks = (1...last).map { place -> Block in
      guard let width = shapes.extent("input_blocks.\(place).0.out_layers.3.weight") else { return .halving }
      return .residual(width: width, attends: shapes.has("input_blocks.\(place).1.qkv.weight"))
    }
    configuration = [
      "in_channels": JSONValue(inChannels), "model_channels": JSONValue(modelChannels),
      "use_scale_shift_norm": .bool(embedded == 2 * middle),
      "conv_resample": .bool((1...last).allSatisfy { filled.contains($0) }),
    ]
    let layouts = (1...12).compactMap { Layout(blocks, levels: $0) }
    guard let first = layouts.first else { return nil }
    levels = layouts.count == 1 ? first.levels : nil
    if layouts.count == 1 {
      configuration.merge(first.arguments(modelChannels)) { $1 }
      return
    }
    for name in first.arguments(modelChannels).keys.sorted() {
      var candidates: [JSONValue] = []
      for value in layouts.compactMap({ $0.arguments(modelChannels)[name] }) where !candidates.contains(value) { candidates.append(value) }
      undetermined.append(
        UndeterminedArgument(
          name: name, doc: "the blocks fit \(layouts.map { "\($0.levels)" }.joined(separator: " or ")) levels", candidates: candidates))
    }
  }

  /// One way to cut the blocks into levels.
  private struct Layout {
    let levels: Int
    private let perLevel: Int
    private let widths: [Int]
    private let attending: [Int]
    private let halvesInBlocks: Bool

    /// Nil when the blocks cannot be cut so. With the first convolution there are `levels` times as many as a level has
    /// residual blocks and one more.
    init?(_ blocks: [Block], levels: Int) {
      let perLevel = (blocks.count + 1) / levels - 1
      guard (blocks.count + 1) % levels == 0, perLevel > 0 else { return nil }
      var (widths, attending, halvesInBlocks): ([Int], [Int], Bool) = ([], [], false)
      for level in 0..<levels {
        let start = level * (perLevel + 1)
        var found: (width: Int, attends: Bool)?
        for place in start..<start + perLevel {
          guard case .residual(let width, let attends) = blocks[place], width > 0,
            found.map({ $0.width == width && $0.attends == attends }) ?? true
          else { return nil }
          found = (width, attends)
        }
        guard let found else { return nil }
        widths.append(found.width)
        if found.attends { attending.append(1 << level) }
        if level < levels - 1, case .residual(let width, let attends) = blocks[start + perLevel] {
          guard width == found.width, !attends else { return nil }
          halvesInBlocks = true
        }
      }
      (self.levels, self.perLevel, self.widths, self.attending) = (levels, perLevel, widths, attending)
      self.halvesInBlocks = halvesInBlocks
    }

    func arguments(_ modelChannels: Int) -> [String: JSONValue] {
      [
        "num_res_blocks": JSONValue(perLevel), "attention_resolutions": JSONValue(attending), "resblock_updown": .bool(halvesInBlocks),
        // ADM multiplies by fractions too.
        "channel_mult": .list(
          widths.map { $0 % modelChannels == 0 ? JSONValue($0 / modelChannels) : .number(UNetFacts.multiplier($0, of: modelChannels)) }),
      ]
    }
  }
}
