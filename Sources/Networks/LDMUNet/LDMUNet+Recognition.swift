import Basics
public import Checkpoints

extension LDMUNet {
  /// A U-Net under its own names is taken for LDM's only when it has spatial transformers: without, it may be
  /// guided-diffusion's as well.
  public static func recognise(_ source: any TensorSource) throws -> Recognition? {
    guard let checkpoint = LDMCheckpoint(source) else { return nil }
    let shapes = CheckpointShapes(source, under: checkpoint.prefix)
    let isTransformer = shapes.has("middle_block.1.proj_in.weight")
    guard !checkpoint.isBare || isTransformer, var configuration = UNetFacts(shapes)?.configuration else { return nil }
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
