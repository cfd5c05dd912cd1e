import Basics
public import Checkpoints
import Engine

/// Where a file keeps an autoencoder, and under which names.
struct AutoencoderLayout {
  let prefix: String
  let isDiffusers: Bool

  /// Alone, in a Lightning checkpoint of its own, or in one of a whole latent diffusion model.
  private static let prefixes = ["", "state_dict/", "first_stage_model.", "state_dict/first_stage_model."]

  /// Nil when the file holds no autoencoder.
  init?(_ source: any TensorSource) {
    let names = Set(source.entries.map(\.name))
    for prefix in Self.prefixes where names.contains("\(prefix)encoder.conv_in.weight") && names.contains("\(prefix)post_quant_conv.weight")
    {
      for (probe, isDiffusers) in [("decoder.mid.block_1.norm1.weight", false), ("decoder.mid_block.resnets.0.norm1.weight", true)]
      where names.contains(prefix + probe) {
        (self.prefix, self.isDiffusers) = (prefix, isDiffusers)
        return
      }
    }
    return nil
  }

  /// The file's name of a parameter; nil when it has none.
  func origin(_ parameter: String, levels: Int, in shapes: CheckpointShapes) -> String? {
    let names = isDiffusers ? DiffusersAutoencoder.names(parameter, levels: levels) : [parameter]
    return names.first(where: shapes.has).map { prefix + $0 }
  }
}

extension Autoencoder {
  public static func recognise(_ source: any TensorSource) throws -> Recognition? {
    guard let layout = AutoencoderLayout(source) else { return nil }
    let shapes = CheckpointShapes(source, under: layout.prefix)
    let entries = shapes.extent("quantize.embedding.weight")
    guard (entries == nil) == (Latents.encoding == .moments) else { return nil }
    guard let facts = AutoencoderFacts(layout, shapes) else { return nil }
    var configuration = facts.configuration
    configuration["n_embed"] = entries.map { JSONValue($0) }
    if layout.prefix.hasSuffix("first_stage_model.") {
      let name = String(layout.prefix.dropLast("first_stage_model.".count)) + "scale_factor"
      if source.entry(name) != nil, let factor = try source.read(name).doubles().first { configuration["scale_factor"] = .number(factor) }
    }
    var undetermined = [
      UndeterminedArgument(
        name: "resolution", doc: "rows of the pictures the autoencoder was trained on; any fits the weights", candidates: [256])
    ]
    if layout.isDiffusers {
      configuration["scale_factor"] = 0.18215
      undetermined.append(UndeterminedArgument(name: "norm_num_groups", doc: "groups of the norms, of config.json", candidates: [32]))
    }
    return Recognition(configuration: configuration, undetermined: undetermined)
  }

  public func tensors(in source: any TensorSource, choice: WeightChoice) throws -> any TensorSource {
    guard let layout = AutoencoderLayout(source) else { throw PlumbError("the file holds no autoencoder", kind: .input) }
    let shapes = CheckpointShapes(source, under: try WeightSets(unnamed: layout.prefix).prefix(choice))
    return try RenamedTensors(
      source,
      graph().parameters.compactMap { parameter in
        guard let origin = layout.origin(parameter.name, levels: arguments.pyramid.levels, in: shapes) else { return nil }
        // A linear layer stands for a 1x1 convolution.
        let found = shapes[String(origin.dropFirst(layout.prefix.count))] ?? []
        return (name: parameter.name, of: origin, shape: found + [1, 1] == parameter.shape ? parameter.shape : nil)
      })
  }
}

/// What names and shapes tell of an autoencoder.
private struct AutoencoderFacts {
  let configuration: [String: JSONValue]

  init?(_ layout: AutoencoderLayout, _ shapes: CheckpointShapes) {
    let up = layout.isDiffusers ? "decoder.up_blocks" : "decoder.up"
    let block = layout.isDiffusers ? "resnets" : "block"
    let levels = shapes.count { "\(up).\($0).\(block).0.conv1.weight" }
    guard (1...12).contains(levels), let ch = shapes.extent("encoder.conv_in.weight"), ch > 0,
      let inChannels = shapes.extent("encoder.conv_in.weight", axis: 1), let outCh = shapes.extent("decoder.conv_out.weight"),
      let zChannels = shapes.extent("decoder.conv_in.weight", axis: 1), let embedDim = shapes.extent("post_quant_conv.weight", axis: 1),
      let doubled = shapes.extent("encoder.conv_out.weight")
    else { return nil }
    // Diffusers counts a decoder's levels from the lowest resolution.
    func place(_ level: Int) -> Int { layout.isDiffusers ? levels - 1 - level : level }
    var multipliers: [Int] = []
    for level in 0..<levels {
      guard let width = shapes.extent("\(up).\(place(level)).\(block).0.conv1.weight"), width % ch == 0 else { return nil }
      multipliers.append(width / ch)
    }
    let blocks = shapes.count { "\(up).\(place(0)).\(block).\($0).conv1.weight" } - 1
    let sampler = layout.isDiffusers ? "encoder.down_blocks.0.downsamplers.0.conv.weight" : "encoder.down.0.downsample.conv.weight"
    configuration = [
      "in_channels": JSONValue(inChannels), "out_ch": JSONValue(outCh), "ch": JSONValue(ch), "ch_mult": JSONValue(multipliers),
      "num_res_blocks": JSONValue(blocks), "z_channels": JSONValue(zChannels), "embed_dim": JSONValue(embedDim),
      "double_z": .bool(doubled == 2 * zChannels), "resamp_with_conv": .bool(levels == 1 || shapes.has(sampler)),
      "attn_levels": JSONValue((0..<levels).filter { shapes.has("\(up).\($0).attn.0.norm.weight") }),
    ]
  }
}
