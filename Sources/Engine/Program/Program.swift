import Basics

/// A compiled network bound to its weights: a flat array of instructions, run from first to last.
struct Program {
  private let instructions: ContiguousArray<Instruction>

  init(network: CompiledNetwork, weights: NetworkWeights) throws {
    var prepared: ContiguousArray<Instruction> = []
    for position in network.graph.nodes.indices {
      let site = try Site(position, network, weights)
      if let instruction = site.instruction { prepared.append(instruction) }
    }
    instructions = prepared
  }

  func run(_ frame: Frame) {
    instructions.withUnsafeBufferPointer { buffer in
      for instruction in buffer { instruction.run(frame) }
    }
  }
}

/// A node with everything its instruction is made from.
struct Site {
  let node: Node
  let inputs: [Operand]
  let inputShapes: [ValueShape]
  let output: Operand
  /// Offset of the scratch space.
  let scratch: Int
  /// Packed constants, in the order of `Operation.packedBlocks`.
  let constants: [UnsafePointer<Float>]

  init(_ position: Int, _ network: CompiledNetwork, _ weights: NetworkWeights) throws {
    func operand(_ index: Int) -> Operand {
      Operand(
        offset: network.plan.values[index].offset, count: network.graph.nodes[index].shape.count,
        isConditioning: network.isConditioning[index])
    }
    node = network.graph.nodes[position]
    inputs = node.inputs.map { operand($0.index) }
    inputShapes = node.inputs.map(network.graph.shape)
    output = operand(position)
    scratch = network.plan.scratch[position].offset
    constants = try node.operation.packedBlocks.map(weights.address)
  }

  /// Nil for inputs, which are fed before the program runs.
  var instruction: Instruction? {
    switch node.operation {
    case .imageInput, .scalarInput, .sequenceInput: nil
    case .timestepEmbedding(let embedding): .timestepEmbedding(TimestepEmbeddingInstruction(embedding, self))
    case .fourierEmbedding(let embedding): .fourierEmbedding(FourierEmbeddingInstruction(embedding, self))
    case .oneHot(let oneHot): .oneHot(OneHotInstruction(oneHot, self))
    case .embeddingTable: .embeddingTable(EmbeddingTableInstruction(self))
    case .linear(let linear): .convolution(ConvolutionInstruction(linear, self))
    case .convolution(let convolution): .convolution(ConvolutionInstruction(convolution, self))
    case .groupNorm(let norm): .groupNorm(GroupNormInstruction(norm, self))
    case .attention(let attention): .attention(AttentionInstruction(attention, self))
    case .crossAttention(let attention): .crossAttention(CrossAttentionInstruction(attention, self))
    case .slice(let slice): .slice(SliceInstruction(slice, self))
    case .layerNorm(let norm): .layerNorm(LayerNormInstruction(norm, self))
    case .multiply: .pair(PairInstruction(.multiply, self))
    case .multiplyVector: .broadcast(BroadcastInstruction(.multiplyVector, self))
    case .nearestRow(let nearest): .nearestRow(NearestRowInstruction(nearest, self))
    case .activation(let activation): .activation(ActivationInstruction(activation, self))
    case .add: .pair(PairInstruction(.add, self))
    case .addVector: .broadcast(BroadcastInstruction(.addVector, self))
    case .modulate: .broadcast(BroadcastInstruction(.modulate, self))
    case .scale(let factor): .scale(ScaleInstruction(factor, self))
    case .filter(let filter): .filter(FilterInstruction(filter, self))
    case .resample(let resampling): .resample(ResampleInstruction(resampling, self))
    case .addParameter: .addParameter(AddParameterInstruction(self))
    case .unpatchify(let unpatchify): .unpatchify(UnpatchifyInstruction(unpatchify, self))
    case .concatenate: .concatenate(ConcatenateInstruction(self))
    case .flattenCHW: .flatten(FlattenInstruction(self))
    case .tokenPool: .tokenPool(TokenPoolInstruction(self))
    case .firstPixel: .slice(SliceInstruction(firstPixel: self))
    case .logProbability: .logProbability(LogProbabilityInstruction(self))
    case .adjoint(let adjoint): .adjoint(AdjointInstruction(adjoint, self))
    }
  }
}
