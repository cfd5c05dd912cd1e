import Basics
public import Checkpoints
import Engine

/// Where a file keeps the U-Net: alone, or in the list that the training script saves, whose first element is the model and
/// whose last is the moving average.
struct DDIMCheckpoint {
  /// "0/module." and "4/", or nothing for the only one.
  let sets: WeightSets

  private static let landmark = "temb.dense.0.weight"

  /// Nil when the file holds no such U-Net.
  init?(_ source: any TensorSource) {
    // Position in the list; a dict alone has none.
    let placed = source.prefixes(before: Self.landmark).compactMap { prefix -> (position: Int, prefix: String)? in
      switch prefix {
      case "", "module.": return (0, prefix)
      default:
        let parts = prefix.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, ["", "module."].contains(String(parts[1])), let position = Int(parts[0]) else { return nil }
        return (position, prefix)
      }
    }.sorted { $0.position < $1.position }
    guard let first = placed.first, let last = placed.last else { return nil }
    sets = WeightSets(averaged: last.position > first.position ? last.prefix : nil, trained: first.prefix)
  }
}

extension DDIMUNet {
  public static func recognise(_ source: any TensorSource) throws -> Recognition? {
    guard let checkpoint = DDIMCheckpoint(source),
      let configuration = configuration(CheckpointShapes(source, under: try checkpoint.sets.prefix(.authors)))
    else { return nil }
    return Recognition(
      configuration: configuration,
      undetermined: [
        UndeterminedArgument(name: "resolution", doc: "rows of the pictures; any fits the weights", candidates: [32, 256])
      ])
  }

  public func tensors(in source: any TensorSource, choice: WeightChoice) throws -> any TensorSource {
    guard let checkpoint = DDIMCheckpoint(source) else { throw PlumbError("the file holds no U-Net of DDIM", kind: .input) }
    return source.under(try checkpoint.sets.prefix(choice))
  }

  /// What names and shapes tell; nil when they are not those of this network.
  private static func configuration(_ shapes: CheckpointShapes) -> [String: JSONValue]? {
    let levels = shapes.count { "down.\($0).block.0.conv1.weight" }
    guard (1...12).contains(levels), let ch = shapes.extent("conv_in.weight"), ch > 0,
      let inChannels = shapes.extent("conv_in.weight", axis: 1), let outCh = shapes.extent("conv_out.weight")
    else { return nil }
    let widths = (0..<levels).compactMap { shapes.extent("down.\($0).block.0.conv1.weight") }
    guard widths.count == levels, widths.allSatisfy({ $0 % ch == 0 }) else { return nil }
    return [
      "in_channels": JSONValue(inChannels), "out_ch": JSONValue(outCh), "ch": JSONValue(ch),
      "ch_mult": JSONValue(widths.map { $0 / ch }),
      "num_res_blocks": JSONValue(shapes.count { "down.0.block.\($0).conv1.weight" }),
      "attn_levels": JSONValue((0..<levels).filter { shapes.has("down.\($0).attn.0.norm.weight") }),
      "resamp_with_conv": .bool(levels == 1 || shapes.has("down.0.downsample.conv.weight")),
    ]
  }
}
