import Basics

@testable import Engine

/// The plain, slow meaning of every operation, in float64, one sample at a time. It is kept for ever: kernels are
/// compared with it.
struct Oracle {
  let graph: Graph
  let parameters: [String: HostTensor]

  /// One sample's value: pictures as [height][width][channels].
  typealias Value = [Double]

  /// Every node's value for one sample. `inputs` are as fed: pictures [C, H, W].
  func values(_ inputs: [String: [Float]]) -> [Value] {
    var values: [Value] = []
    for node in graph.nodes {
      let operands = node.inputs.map { values[$0.index] }
      values.append(evaluate(node, operands, node.inputs.map(graph.shape), inputs))
    }
    return values
  }

  /// The outputs of one sample as they are handed out: pictures [C, H, W].
  func outputs(_ inputs: [String: [Float]]) -> [String: [Double]] {
    let values = values(inputs)
    return Dictionary(uniqueKeysWithValues: graph.outputs.map { ($0.name, Self.channelsFirst(values[$0.value.index], $0.shape)) })
  }

  private func parameter(_ spec: ParameterSpec) -> [Double] { parameters[spec.name]?.doubles() ?? [] }

  private func evaluate(_ node: Node, _ x: [Value], _ shapes: [ValueShape], _ inputs: [String: [Float]]) -> Value {
    switch node.operation {
    case .imageInput(let name, let shape): Self.channelsLast((inputs[name] ?? []).map(Double.init), shape)
    case .scalarInput(let name), .sequenceInput(let name, _): (inputs[name] ?? []).map(Double.init)
    case .timestepEmbedding(let embedding): OracleMath.embed(x[0][0], embedding)
    case .fourierEmbedding(let embedding): OracleMath.fourier(x[0][0], parameter(embedding.frequencies), embedding.order)
    case .oneHot(let oneHot): (0..<oneHot.classes).map { Double($0) == x[0][0] ? Double(oneHot.scale) : 0 }
    case .embeddingTable(let table): OracleMath.row(Int(x[0][0]), parameter(table.weight), table.weight.shape[1])
    case .linear(let linear): OracleMath.linear(x[0], parameter(linear.weight), linear.bias.map(parameter))
    case .activation(.silu): x[0].map(OracleMath.silu)
    case .activation(.relu): x[0].map { max($0, 0) }
    case .activation(.gelu): x[0].map { OracleMath.gelu($0, .none) }
    case .activation(.geluTanh): x[0].map { OracleMath.gelu($0, .tanh) }
    case .add: zip(x[0], x[1]).map(+)
    case .scale(let factor): x[0].map { $0 * Double(factor) }
    case .addVector: x[0].enumerated().map { $1 + x[1][$0 % shapes[0].channels] }
    case .modulate: OracleMath.modulate(x[0], x[1], shapes[0].channels)
    case .convolution(let convolution):
      OracleMath.convolve(
        convolution, x[0], shapes[0], node.shape, parameter(convolution.weight), convolution.bias.map(parameter),
        convolution.addsResidual ? x[1] : nil)
    case .groupNorm(let norm): normalise(norm, x, shapes[0])
    case .resample(let resampling): OracleMath.resample(resampling, x[0], shapes[0], node.shape)
    case .filter(let filter): OracleMath.filter(filter, x[0], shapes[0], node.shape, parameter(filter.taps))
    case .attention(let attention): OracleMath.attend(attention, x[0], shapes[0])
    case .crossAttention(let attention): OracleMath.attend(attention, queries: x[0], keys: x[1], values: x[2], shapes)
    case .layerNorm(let norm):
      OracleMath.layerNorm(x[0], shapes[0].channels, Double(norm.epsilon), norm.weight.map(parameter), norm.bias.map(parameter))
    case .multiply: zip(x[0], x[1]).map(*)
    case .multiplyVector: x[0].enumerated().map { $1 * x[1][$0 % shapes[0].channels] }
    case .slice(let slice): x[0].enumerated().filter { slice.channels.contains($0.offset % shapes[0].channels) }.map(\.element)
    case .nearestRow(let nearest): OracleMath.nearestRow(nearest, x[0], parameter(nearest.table))
    case .addParameter(let sum): zip(x[0], parameter(sum.parameter)).map(+)
    case .unpatchify(let unpatchify): OracleMath.unpatchify(unpatchify, x[0], node.shape)
    case .concatenate: OracleMath.concatenate(x[0], shapes[0].channels, x[1], shapes[1].channels)
    case .flattenCHW: Self.channelsFirst(x[0], shapes[0])
    // Held against finite differences, and against PyTorch in the golden cases.
    case .tokenPool, .firstPixel, .logProbability, .adjoint: []
    }
  }

  private func normalise(_ norm: GroupNorm, _ x: [Value], _ shape: ValueShape) -> Value {
    var y = OracleMath.normalise(x[0], shape, norm.groups, Double(norm.epsilon), parameter(norm.weight), parameter(norm.bias))
    if norm.modulates { y = OracleMath.modulate(y, x[1], shape.channels) }
    return norm.appliesSiLU ? y.map(OracleMath.silu) : y
  }

  static func channelsLast(_ x: [Double], _ shape: ValueShape) -> [Double] {
    (0..<shape.count).map { x[$0 % shape.channels * shape.pixels + $0 / shape.channels] }
  }

  static func channelsFirst(_ x: [Double], _ shape: ValueShape) -> [Double] {
    (0..<shape.count).map { x[$0 % shape.pixels * shape.channels + $0 / shape.pixels] }
  }
}
