import Basics
import Checkpoints

/// What names and shapes tell of a U-Net of guided-diffusion or of latent diffusion; the way up names every level.
struct UNetFacts {
  let configuration: [String: JSONValue]

  init?(_ shapes: CheckpointShapes) {
    let groups = shapes.count { "output_blocks.\($0).0.in_layers.2.weight" }
    guard let modelChannels = shapes.extent("time_embed.0.weight", axis: 1), modelChannels > 0,
      let inChannels = shapes.extent("input_blocks.0.0.weight", axis: 1), let outChannels = shapes.extent("out.2.weight"),
      let embedded = shapes.extent("middle_block.0.emb_layers.1.weight"),
      let middle = shapes.extent("middle_block.0.out_layers.0.weight"), groups > 0
    else { return nil }
    func isGroup(_ group: Int, _ layer: String) -> Bool { [1, 2].contains { shapes.has("output_blocks.\(group).\($0).\(layer).weight") } }
    let resamplesInBlocks = (0..<groups).contains { isGroup($0, "in_layers.2") }
    let doublings = (0..<groups).filter { isGroup($0, resamplesInBlocks ? "in_layers.2" : "conv") }.count
    // Layers that halve without parameters leave holes in the numbering: there are as many groups down as up.
    let filled = Set(shapes.names.compactMap { Self.group($0, of: "input_blocks.") })
    let holes = doublings > 0 ? 0 : (0..<groups).filter { !filled.contains($0) }.count
    let levels = 1 + max(doublings, holes)
    guard groups % levels == 0 else { return nil }
    let perLevel = groups / levels
    var (multipliers, attending): ([JSONValue], [Int]) = ([], [])
    for level in 0..<levels {
      let group = "output_blocks.\((levels - 1 - level) * perLevel)"
      guard let width = shapes.extent("\(group).0.out_layers.3.weight"), width > 0 else { return nil }
      // ADM multiplies by fractions too.
      let isWhole = width % modelChannels == 0
      multipliers.append(isWhole ? JSONValue(width / modelChannels) : .number(Self.multiplier(width, of: modelChannels)))
      if shapes.has("\(group).1.proj_out.weight") { attending.append(1 << level) }
    }
    var configuration: [String: JSONValue] = [
      "in_channels": JSONValue(inChannels), "out_channels": JSONValue(outChannels), "model_channels": JSONValue(modelChannels),
      "num_res_blocks": JSONValue(perLevel - 1), "channel_mult": .list(multipliers), "attention_resolutions": JSONValue(attending),
      "use_scale_shift_norm": .bool(embedded == 2 * middle), "resblock_updown": .bool(resamplesInBlocks),
      "conv_resample": .bool(holes == 0),
    ]
    if let classes = shapes.extent("label_emb.weight") { configuration["num_classes"] = JSONValue(classes) }
    if let width = shapes.extent("middle_block.1.transformer_blocks.0.attn2.to_k.weight", axis: 1) {
      configuration["use_spatial_transformer"] = true
      configuration["context_dim"] = JSONValue(width)
      configuration["transformer_depth"] = JSONValue(shapes.count { "middle_block.1.transformer_blocks.\($0).norm1.weight" })
    }
    self.configuration = configuration
  }

  /// The least number that int(number * modelChannels) makes `width` of.
  static func multiplier(_ width: Int, of modelChannels: Int) -> Double {
    let quotient = Double(width) / Double(modelChannels)
    return Int(quotient * Double(modelChannels)) == width ? quotient : quotient.nextUp
  }

  /// The number after `prefix`.
  static func group(_ name: String, of prefix: String) -> Int? {
    name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count).prefix { $0 != "." }) : nil
  }
}
