import Basics
public import Checkpoints

extension ADMUNet {
  /// A U-Net under its own names, as `torch.save` of a state dict has them, and without spatial transformers (those are
  /// latent diffusion's).
  public static func recognise(_ source: any TensorSource) throws -> Recognition? {
    let shapes = CheckpointShapes(source)
    guard !shapes.has("middle_block.1.proj_in.weight"), let facts = UNetFacts(shapes) else { return nil }
    return Recognition(
      configuration: facts.configuration,
      undetermined: [
        UndeterminedArgument(name: "image_size", doc: "rows of the pictures; any that can be halved often enough fits the weights"),
        UndeterminedArgument(
          name: "num_head_channels", doc: "channels of an attention head, or -1 where num_heads says how many there are",
          candidates: [64, 32, -1]),
        UndeterminedArgument(
          name: "use_new_attention_order", doc: "how heads lie in qkv, as the flag of the training script said", candidates: [true, false]),
      ])
  }
}
