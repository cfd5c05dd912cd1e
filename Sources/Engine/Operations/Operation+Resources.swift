extension Operation {
  /// The constants the operation's kernel reads, in the order it is given them.
  var packedBlocks: [PackedBlock] {
    switch self {
    case .timestepEmbedding(let embedding): [.frequencies(embedding)]
    case .fourierEmbedding(let embedding): [.plain(embedding.frequencies)]
    case .filter(let filter): [.plain(filter.taps)]
    case .embeddingTable(let table): [.plain(table.weight)]
    case .linear(let linear): [.convolution(weight: linear.weight, bias: linear.bias)]
    case .convolution(let convolution) where convolution.isAdjoint: [.convolutionAdjoint(weight: convolution.weight)]
    case .convolution(let convolution): [.convolution(weight: convolution.weight, bias: convolution.bias)]
    case .groupNorm(let norm): [.plain(norm.weight), .plain(norm.bias)]
    case .nearestRow(let nearest): [.plain(nearest.table)]
    case .layerNorm(let norm): norm.parameters.map(PackedBlock.plain)
    case .addParameter(let sum): [.plain(sum.parameter)]
    case .tokenPool(let pool): [.plain(pool.positions)]
    case .adjoint(let adjoint): adjoint.packedBlocks
    default: []
    }
  }

  /// Floats the kernel needs beside its operands while it runs, whatever the batch.
  func scratchCount(inputs: [ValueShape]) -> Int {
    switch self {
    case .groupNorm: inputs.first.map(GroupNormInstruction.scratchCount) ?? 0
    case .attention(let attention): inputs.first.map(attention.scratchCount) ?? 0
    case .crossAttention(let attention): attention.scratchCount(inputs)
    case .adjoint(let adjoint): adjoint.scratchCount(inputs)
    default: 0
    }
  }
}
