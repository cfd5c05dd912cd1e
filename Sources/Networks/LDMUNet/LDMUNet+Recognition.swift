import Basics
import Checkpoints

extension LDMUNet {
  /// A U-Net under its own names is taken for LDM's only when it has spatial transformers: without, it may be
  /// guided-diffusion's as well.
  public static func recognise(_ source: any TensorSource) throws -> Recognition? {
    guard let checkpoint = LDMCheckpoint(source) else { return nil }
    let shapes = CheckpointShapes(source, under: checkpoint.prefix)
    let isTransformer = shapes.has("middle_block.1.proj_in.weight")
    guard !checkpoint.isBare || isTransformer, var configuration = LDMUNetFacts(shapes)?.configuration else { return nil }
    var undetermined = [
      UndeterminedArgument(name: "image_size", doc: "rows of the latents; any fits the weights", candidates: [32, 64]),
      UndeterminedArgument(
        name: "num_head_channels", doc: "channels of an attention head, or -1 where num_heads says how many there are",
        candidates: [32, -1]
      ),
    ]
    if isTransformer {
      let table = CheckpointShapes(source, under: checkpoint.root)[LDMCheckpoint.classEmbedding]
      if let table, table.count == 2, configuration["context_dim"] == JSONValue(table[1]) {
        configuration["n_classes"] = JSONValue(table[0])
      } else {
        undetermined.append(UndeterminedArgument(name: "context_tokens", doc: "tokens of the context, which the file does not embed"))
      }
    } else {
      undetermined.append(
        UndeterminedArgument(name: "use_new_attention_order", doc: "how heads lie in qkv; false in LDM", candidates: [false, true]))
    }
    return Recognition(
      configuration: configuration, undetermined: undetermined, process: try process(source.under(checkpoint.root)))
  }

  /// The schedule of the buffer `betas`, when it is LDM's "linear": evenly spaced square roots.
  private static func process(_ source: any TensorSource) throws -> [String: JSONValue] {
    guard let entry = source.entry("betas"), entry.dtype.isFloat, entry.shape.count == 1, (2...100_000).contains(entry.shape[0]) else {
      return [:]
    }
    let betas = try source.read("betas").floats()
    // The shortest decimals of the float32 ends are the numbers of the authors' files.
    guard let start = Double("\(betas[0])"), let end = Double("\(betas[betas.count - 1])"), start > 0, end > start, end < 1 else {
      return [:]
    }
    for (index, beta) in betas.enumerated() {
      let root = start.squareRoot() + (end.squareRoot() - start.squareRoot()) * Double(index) / Double(betas.count - 1)
      guard abs(Double(beta) - root * root) <= 1e-5 * root * root else { return [:] }
    }
    return [
      "kind": "discrete", "noise_schedule": "ldm-linear", "beta_start": .number(start), "beta_end": .number(end),
      "diffusion_steps": JSONValue(betas.count),
    ]
  }
}

/// What names and shapes tell of the U-Net; the way up names every level.
private struct LDMUNetFacts {
  let configuration: [String: JSONValue]

  init?(_ shapes: CheckpointShapes) {
    let groups = shapes.count { "output_blocks.\($0).0.in_layers.2.weight" }
    guard let modelChannels = shapes.extent("input_blocks.0.0.weight"), modelChannels > 0,
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
    var (multipliers, attending): ([Int], [Int]) = ([], [])
    for level in 0..<levels {
      let group = "output_blocks.\((levels - 1 - level) * perLevel)"
      guard let width = shapes.extent("\(group).0.out_layers.3.weight"), width % modelChannels == 0 else { return nil }
      multipliers.append(width / modelChannels)
      if shapes.has("\(group).1.proj_out.weight") { attending.append(1 << level) }
    }
    var configuration: [String: JSONValue] = [
      "in_channels": JSONValue(inChannels), "out_channels": JSONValue(outChannels), "model_channels": JSONValue(modelChannels),
      "num_res_blocks": JSONValue(perLevel - 1), "channel_mult": JSONValue(multipliers), "attention_resolutions": JSONValue(attending),
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

  /// The number after `prefix`.
  private static func group(_ name: String, of prefix: String) -> Int? {
    name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count).prefix { $0 != "." }) : nil
  }
}
