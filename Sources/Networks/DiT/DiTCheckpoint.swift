import Basics
public import Checkpoints
import Engine

/// Where a file keeps a diffusion transformer: alone, as the released ones are, or as the training script saves it, the
/// model beside its moving average.
struct DiTCheckpoint {
  private static let probe = "x_embedder.proj.weight"

  /// "ema/" and "model/", or nothing for a released one.
  let sets: WeightSets

  /// Nil when the file holds no such transformer.
  init?(_ source: any TensorSource) {
    let names = Set(source.entries.map(\.name))
    func set(_ prefix: String) -> String? {
      names.contains(prefix + Self.probe) && names.contains("\(prefix)final_layer.linear.weight") ? prefix : nil
    }
    sets = WeightSets(averaged: set("ema/"), trained: set("model/"), unnamed: set(""))
    guard !sets.isEmpty else { return nil }
  }
}

extension DiT {
  public static func recognise(_ source: any TensorSource) throws -> Recognition? {
    guard let checkpoint = DiTCheckpoint(source) else { return nil }
    let shapes = CheckpointShapes(source, under: try checkpoint.sets.prefix(.authors))
    guard var configuration = configuration(shapes), let width = configuration["hidden_size"]?.integer,
      let depth = configuration["depth"]?.integer
    else { return nil }
    // A table has a row for no class unless the training script says that it is as long as there are classes.
    if let rows = configuration["num_classes"]?.integer {
      let isDropped = source.attribute("args/num_classes")?.integer != rows
      configuration["num_classes"] = JSONValue(isDropped ? rows - 1 : rows)
      configuration["class_dropout_prob"] = isDropped ? 0.1 : 0
    }
    let published = Self.published.first { $0.width == width && $0.depth == depth }
    if let published, let name = source.attribute("args/model")?.text, name.hasPrefix("\(published.name)/") {
      configuration["num_heads"] = JSONValue(published.heads)
      return Recognition(configuration: configuration)
    }
    let divisors = (1...max(width / 8, 1)).filter { width % $0 == 0 }
    return Recognition(
      configuration: configuration,
      undetermined: [
        UndeterminedArgument(
          name: "num_heads", doc: published.map { "heads of attention; \($0.name) has \($0.heads)" } ?? "heads of attention",
          candidates: (published.map { [$0.heads] } ?? divisors).map { JSONValue($0) })
      ])
  }

  public func tensors(in source: any TensorSource, choice: WeightChoice) throws -> any TensorSource {
    guard let checkpoint = DiTCheckpoint(source) else { throw PlumbError("the file holds no diffusion transformer", kind: .input) }
    return source.under(try checkpoint.sets.prefix(choice))
  }

  /// The sizes of the paper (table 1) and their heads.
  private static let published = [
    (name: "DiT-S", width: 384, depth: 12, heads: 6), (name: "DiT-B", width: 768, depth: 12, heads: 12),
    (name: "DiT-L", width: 1024, depth: 24, heads: 16), (name: "DiT-XL", width: 1152, depth: 28, heads: 16),
  ]

  /// What names and shapes tell, with the rows of the table for the classes; nil when they are not those of this network.
  private static func configuration(_ shapes: CheckpointShapes) -> [String: JSONValue]? {
    guard let proj = shapes["x_embedder.proj.weight"], proj.count == 4, proj[2] == proj[3], proj[2] > 0, proj[1] > 0,
      DiTConfiguration.widths.contains(proj[0]),
      let places = shapes["pos_embed"], places.count == 3, places[2] == proj[0], (1...1 << 24).contains(places[1]),
      let rows = shapes.extent("y_embedder.embedding_table.weight"), rows > 1, let last = shapes.extent("final_layer.linear.weight")
    else { return nil }
    let (width, channels, patch) = (proj[0], proj[1], proj[2])
    let side = Int(Double(places[1]).squareRoot())
    let depth = shapes.count { "blocks.\($0).attn.qkv.weight" }
    guard side * side == places[1], patch <= 8, channels <= 4096 else { return nil }
    var configuration: [String: JSONValue] = [
      "input_size": JSONValue(side * patch), "patch_size": JSONValue(patch), "in_channels": JSONValue(channels),
      "hidden_size": JSONValue(width), "depth": JSONValue(depth), "num_classes": JSONValue(rows),
      "learn_sigma": .bool(last == 2 * patch * patch * channels),
    ]
    if let inner = shapes.extent("blocks.0.mlp.fc1.weight") { configuration["mlp_ratio"] = .number(Double(inner) / Double(width)) }
    return configuration
  }
}
