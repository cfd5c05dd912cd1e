import Basics

/// What a node computes. Each family's own facts (shape rule, parameters, work) stand in its folder under `Operations`.
package enum Operation: Hashable, Sendable {
  case imageInput(name: String, shape: ValueShape)
  case scalarInput(name: String)
  /// Tokens, as a picture of one column.
  case sequenceInput(name: String, shape: ValueShape)
  case timestepEmbedding(TimestepEmbedding)
  case fourierEmbedding(FourierEmbedding)
  case oneHot(OneHot)
  case embeddingTable(EmbeddingTable)
  case linear(Linear)
  case activation(Activation)
  /// Inputs of equal shape.
  case add
  /// Every number times a constant.
  case scale(Float)
  /// A picture and a vector with one number per channel, added to every pixel.
  case addVector
  /// A picture and a vector `[scale, shift]`: `x * (1 + scale) + shift` per channel.
  case modulate
  /// One input, and a second of the output's shape when a residual is added in the same pass.
  case convolution(Convolution)
  /// One input, and a second, `[scale, shift]`, when the modulation is part of it.
  case groupNorm(GroupNorm)
  case resample(Resampling)
  case filter(FilterResampling)
  case attention(Attention)
  /// Queries, keys and values.
  case crossAttention(CrossAttention)
  case slice(ChannelSlice)
  case layerNorm(LayerNorm)
  /// Inputs of equal shape.
  case multiply
  /// A picture and a vector with one number per channel, multiplied with every pixel.
  case multiplyVector
  case nearestRow(NearestRow)
  /// A tensor of the checkpoint, the same for every sample.
  case addParameter(AddParameter)
  case unpatchify(Unpatchify)
  /// Two pictures of equal extent, joined along channels, or two vectors.
  case concatenate
  /// A picture as a vector in PyTorch's order (channel, row, column).
  case flattenCHW
  case tokenPool(TokenPool)
  /// The first pixel of a picture, a picture of its own.
  case firstPixel
  /// Logits and a label.
  case logProbability
  case adjoint(Adjoint)
}

/// One operation and where its inputs come from. Node `i` of a graph makes value `i`.
package struct Node: Hashable, Sendable {
  package var operation: Operation
  package var inputs: [ValueID]
  /// What it makes, per sample.
  package var shape: ValueShape
}

extension Operation {
  /// The shape of the result for inputs of these shapes; throws when they do not fit the operation.
  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    switch self {
    case .imageInput(_, let shape): try noInputs(inputs, shape)
    case .scalarInput: try noInputs(inputs, .scalar)
    case .sequenceInput(_, let shape): try noInputs(inputs, shape)
    case .timestepEmbedding(let embedding): try embedding.resultShape(inputs)
    case .fourierEmbedding(let embedding): try embedding.resultShape(inputs)
    case .oneHot(let oneHot): try oneHot.resultShape(inputs)
    case .embeddingTable(let table): try table.resultShape(inputs)
    case .linear(let linear): try linear.resultShape(inputs)
    case .activation: try Self.one(inputs)
    case .add: try Self.addShape(inputs)
    case .scale(let factor): try Self.scaleShape(inputs, by: factor)
    case .addVector: try Self.broadcastShape(inputs, width: 1)
    case .modulate: try Self.broadcastShape(inputs, width: 2)
    case .convolution(let convolution): try convolution.resultShape(inputs)
    case .groupNorm(let norm): try norm.resultShape(inputs)
    case .resample(let resampling): try resampling.resultShape(inputs)
    case .filter(let filter): try filter.resultShape(inputs)
    case .attention(let attention): try attention.resultShape(inputs)
    case .crossAttention(let attention): try attention.resultShape(inputs)
    case .slice(let slice): try slice.resultShape(inputs)
    case .layerNorm(let norm): try norm.resultShape(inputs)
    case .multiply: try Self.addShape(inputs)
    case .multiplyVector: try Self.broadcastShape(inputs, width: 1)
    case .nearestRow(let nearest): try nearest.resultShape(inputs)
    case .addParameter(let sum): try sum.resultShape(inputs)
    case .unpatchify(let unpatchify): try unpatchify.resultShape(inputs)
    case .concatenate: try Self.concatenateShape(inputs)
    case .flattenCHW: .vector(try Self.one(inputs).count)
    case .tokenPool(let pool): try pool.resultShape(inputs)
    case .firstPixel: .image(height: 1, width: 1, channels: try Self.image(Self.one(inputs)).channels)
    case .logProbability: try LogProbability.resultShape(inputs)
    case .adjoint(let adjoint): try adjoint.resultShape(inputs)
    }
  }

  /// The checkpoint's tensors the operation reads.
  var parameters: [ParameterSpec] {
    switch self {
    case .fourierEmbedding(let embedding): [embedding.frequencies]
    case .filter(let filter): [filter.taps]
    case .embeddingTable(let table): [table.weight]
    case .linear(let linear): [linear.weight] + (linear.bias.map { [$0] } ?? [])
    case .convolution(let convolution): [convolution.weight] + (convolution.bias.map { [$0] } ?? [])
    case .groupNorm(let norm): [norm.weight, norm.bias]
    case .nearestRow(let nearest): [nearest.table]
    case .layerNorm(let norm): norm.parameters
    case .addParameter(let sum): [sum.parameter]
    case .tokenPool(let pool): [pool.positions]
    default: []
    }
  }

  /// Floating point operations for one sample: two per multiply-add of convolutions (direct, borders counted in full),
  /// linear layers and attention. Everything else is memory traffic and counts as none.
  func flops(inputs: [ValueShape], result: ValueShape) -> Int {
    switch self {
    case .convolution(let convolution): convolution.flops(result: result)
    case .linear(let linear): 2 * linear.inputWidth * linear.outputWidth
    case .attention: 4 * result.pixels * result.pixels * result.channels
    case .crossAttention: 4 * result.pixels * (inputs.count > 1 ? inputs[1].pixels : 0) * result.channels
    case .adjoint(let adjoint): adjoint.flops(inputs)
    default: 0
    }
  }

  /// The word for messages.
  package var name: String {
    switch self {
    case .imageInput(let name, _): "input \"\(name)\""
    case .scalarInput(let name): "input \"\(name)\""
    case .sequenceInput(let name, _): "input \"\(name)\""
    case .timestepEmbedding: "timestep embedding"
    case .fourierEmbedding(let embedding): "Fourier embedding \(embedding.frequencies.name)"
    case .oneHot: "one-hot"
    case .scale: "scale"
    case .filter(let filter): "\(filter.direction.rawValue) \(filter.taps.name)"
    case .embeddingTable(let table): "embedding \(table.weight.name)"
    case .linear(let linear): "linear \(linear.weight.name)"
    case .activation(let activation): activation.rawValue
    case .add: "add"
    case .addVector: "add vector"
    case .modulate: "modulate"
    case .convolution(let convolution): "convolution \(convolution.weight.name)"
    case .groupNorm(let norm): "group norm \(norm.weight.name)"
    case .resample(let resampling): resampling.rawValue
    case .attention: "attention"
    case .crossAttention: "attention"
    case .layerNorm(let norm): "layer norm \(norm.weight?.name ?? "")"
    case .multiply: "multiply"
    case .multiplyVector: "multiply by vector"
    case .slice(let slice): "slice \(slice.channels)"
    case .nearestRow(let nearest): "nearest row of \(nearest.table.name)"
    case .addParameter(let sum): "add \(sum.parameter.name)"
    case .unpatchify: "unpatchify"
    case .concatenate: "concatenate"
    case .flattenCHW: "flatten"
    case .tokenPool(let pool): "token pool \(pool.positions.name)"
    case .firstPixel: "first pixel"
    case .logProbability: "log probability"
    case .adjoint(let adjoint): adjoint.name
    }
  }
}

extension Operation {
  private func noInputs(_ inputs: [ValueShape], _ shape: ValueShape) throws -> ValueShape {
    guard inputs.isEmpty else { throw PlumbError("an input takes no values", kind: .input, found: "\(inputs.count)") }
    return shape
  }

  /// The only input.
  static func one(_ inputs: [ValueShape]) throws -> ValueShape {
    guard let shape = inputs.first, inputs.count == 1 else {
      throw PlumbError("wrong number of operands", kind: .input, expected: "1", found: "\(inputs.count)")
    }
    return shape
  }

  /// The only two inputs.
  static func two(_ inputs: [ValueShape]) throws -> (ValueShape, ValueShape) {
    guard inputs.count == 2 else { throw PlumbError("wrong number of operands", kind: .input, expected: "2", found: "\(inputs.count)") }
    return (inputs[0], inputs[1])
  }

  /// Throws unless `shape` is a picture.
  static func image(_ shape: ValueShape) throws -> (height: Int, width: Int, channels: Int) {
    guard case .image(let height, let width, let channels) = shape else {
      throw PlumbError("operand is not a picture", kind: .input, expected: "an image", found: "\(shape)")
    }
    return (height, width, channels)
  }
}
