/// A prepared operation: extents, offsets and addresses, nothing to look up, retain or allocate.
enum Instruction: BitwiseCopyable {
  case timestepEmbedding(TimestepEmbeddingInstruction)
  case embeddingTable(EmbeddingTableInstruction)
  case convolution(ConvolutionInstruction)
  case groupNorm(GroupNormInstruction)
  case attention(AttentionInstruction)
  case crossAttention(CrossAttentionInstruction)
  case slice(SliceInstruction)
  case nearestRow(NearestRowInstruction)
  case activation(ActivationInstruction)
  case add(AddInstruction)
  case broadcast(BroadcastInstruction)
  case resample(ResampleInstruction)
  case concatenate(ConcatenateInstruction)
  case flatten(FlattenInstruction)

  @inline(__always)
  func run(_ frame: Frame) {
    switch self {
    case .timestepEmbedding(let instruction): instruction.run(frame)
    case .embeddingTable(let instruction): instruction.run(frame)
    case .convolution(let instruction): instruction.run(frame)
    case .groupNorm(let instruction): instruction.run(frame)
    case .attention(let instruction): instruction.run(frame)
    case .crossAttention(let instruction): instruction.run(frame)
    case .slice(let instruction): instruction.run(frame)
    case .nearestRow(let instruction): instruction.run(frame)
    case .activation(let instruction): instruction.run(frame)
    case .add(let instruction): instruction.run(frame)
    case .broadcast(let instruction): instruction.run(frame)
    case .resample(let instruction): instruction.run(frame)
    case .concatenate(let instruction): instruction.run(frame)
    case .flatten(let instruction): instruction.run(frame)
    }
  }
}
