import Basics
public import Checkpoints

extension ADMClassifier {
  /// A classifier under its own names, as `torch.save` of a state dict has them: blocks down and none up, and a pool.
  public static func recognise(_ source: any TensorSource) throws -> Recognition? {
    let shapes = CheckpointShapes(source)
    guard let pool = PoolFacts(shapes), let blocks = EncoderFacts(shapes) else { return nil }
    var configuration = blocks.configuration
    configuration["pool"] = .text(pool.pool.rawValue)
    configuration["out_channels"] = JSONValue(pool.classes)
    var undetermined = blocks.undetermined
    if let side = pool.side, let levels = blocks.levels {
      configuration["image_size"] = JSONValue(side << (levels - 1))
    } else {
      undetermined.append(
        UndeterminedArgument(name: "image_size", doc: "rows of the pictures; any that can be halved often enough fits the weights"))
    }
    let widths: [JSONValue] = pool.pool == .attention ? [64, 32] : [64, 32, -1]
    undetermined += [
      UndeterminedArgument(
        name: "num_head_channels",
        doc: "channels of an attention head" + (widths.contains(-1) ? ", or -1 where num_heads says how many" : ""),
        candidates: widths),
      UndeterminedArgument(
        name: "use_new_attention_order", doc: "how heads lie in qkv; false for what the authors' script trains", candidates: [false, true]),
    ]
    return Recognition(configuration: configuration, undetermined: undetermined)
  }

  /// What the last layers tell.
  private struct PoolFacts {
    let pool: Pool
    let classes: Int
    /// Rows of the last level's picture, where the pool knows it.
    var side: Int?

    init?(_ shapes: CheckpointShapes) {
      if let classes = shapes.extent("out.2.c_proj.weight"), let tokens = shapes.extent("out.2.positional_embedding", axis: 1) {
        (pool, self.classes) = (.attention, classes)
        let side = Int(Double(max(tokens - 1, 0)).squareRoot().rounded())
        if side > 0, side * side == tokens - 1 { self.side = side }
      } else if let shape = shapes["out.3.weight"], shape.count == 4 {
        (pool, classes) = (.adaptive, shape[0])
      } else if let shape = shapes["out.2.weight"], shape.count == 2 {
        (pool, classes) = (.spatial, shape[0])
      } else if let shape = shapes["out.3.weight"], shape.count == 2 {
        (pool, classes) = (.spatialNormed, shape[0])
      } else {
        return nil
      }
    }
  }
}
