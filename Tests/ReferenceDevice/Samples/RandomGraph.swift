import Engine

/// Graphs of every operation, wired at random but always soundly, for properties that must hold for any network.
package struct RandomGraph {
  private var numbers: TestNumbers
  private var graph = GraphBuilder()
  private var pictures: [ValueID] = []
  private var vectors: [ValueID] = []
  private var names = 0
  private let orders = [AttentionOrder.partsThenHeads, .headsThenParts, .headsThenChannelsThenParts]

  package static func make(seed: UInt64, length: Int = 30) throws -> Graph {
    var random = RandomGraph(numbers: TestNumbers(seed: seed))
    return try random.build(length)
  }

  private mutating func build(_ length: Int) throws -> Graph {
    let x = graph.imageInput("x", channels: 3, height: 8, width: 8)
    let (t0, y0) = (graph.scalarInput("t"), graph.scalarInput("y"))
    let t = graph.timestepEmbedding(t0, width: 8, maxPeriod: 10000, halfDivisor: 4)
    let y = graph.embeddingTable(y0, weight: ParameterSpec(name: "classes", shape: [10, 8]))
    pictures = [graph.conv(x, "first", to: 12)]
    let f = graph.fourierEmbedding(t0, frequencies: ParameterSpec(name: "frequencies", shape: [4]))
    let z = graph.dense(graph.oneHot(y0, classes: 10, scale: 3), "one-hot", to: 8)
    vectors = [graph.add(graph.dense(graph.silu(t), "time", to: 8), y), graph.add(f, graph.scale(z, by: 0.7))]
    for _ in 0..<length { step() }
    graph.output("out", pictures[pictures.count - 1])
    graph.output("early", pictures[numbers.index(pictures.count)])
    graph.output("vector", vectors[numbers.index(vectors.count)])
    return try graph.finish()
  }

  private mutating func name() -> String {
    names += 1
    return "layer\(names)"
  }

  /// Mostly a recent value, sometimes an old one, as a skip connection would.
  private mutating func picture() -> ValueID {
    let age = numbers.index(3) == 0 ? numbers.index(pictures.count) : numbers.index(min(2, pictures.count))
    return pictures[pictures.count - 1 - age]
  }

  private mutating func vector(_ width: Int) -> ValueID { graph.dense(vectors[numbers.index(vectors.count)], name(), to: width) }

  private mutating func step() {
    let x = picture()
    let channels = graph.shape(x).channels
    switch numbers.index(27) {
    case 0, 1: pictures.append(graph.conv(x, name(), to: 4 * (1 + numbers.index(5))))
    case 2: pictures.append(graph.add(graph.conv(x, name(), to: channels), x))
    case 3, 4: pictures.append(graph.silu(graph.norm(x, name())))
    case 5: pictures.append(graph.silu(graph.modulate(graph.norm(x, name()), scaleShift: vector(2 * channels))))
    case 6: pictures.append(graph.addVector(x, vector(channels)))
    case 7: pictures.append(graph.modulate(x, scaleShift: vector(2 * channels)))
    case 8: if graph.shape(x).pixels < 200 { pictures.append(graph.upsampleNearest2x(x)) }
    case 9: if graph.shape(x).pixels >= 16 { pictures.append(graph.averagePool2x2(x)) }
    case 10:
      pictures.append(
        graph.add(x, graph.attention(graph.conv(x, name(), to: 3 * channels, kernel: 1), heads: 2, order: orders[numbers.index(3)])))
    case 11:
      let other = picture()
      if graph.shape(other).pixels == graph.shape(x).pixels, channels < 40 { pictures.append(graph.concatenate(x, other)) }
    case 12: pictures.append(graph.scale(x, by: 0.7))
    case 13: if graph.shape(x).pixels < 200 { pictures.append(graph.filterUp(x, taps: ParameterSpec(name: name(), shape: [1, 1, 4, 4]))) }
    case 14:
      if graph.shape(x).pixels >= 16 { pictures.append(graph.filterDown(x, taps: ParameterSpec(name: name(), shape: [1, 1, 4, 4]))) }
    case 15: vectors.append(graph.silu(graph.dense(graph.flattenCHW(x), name(), to: 8)))
    case 19: pictures.append(graph.gelu(x, approximation: numbers.index(2) == 0 ? .none : .tanh))
    case 20: pictures.append(graph.multiply(graph.multiply(x, vector(channels)), graph.silu(x)))
    case 21:
      let weight = ParameterSpec(name: name(), shape: [channels])
      pictures.append(graph.layerNorm(x, epsilon: 1e-5, weight: weight, bias: nil))
    case 22:
      if graph.shape(x).pixels < 200 { pictures.append(graph.unpatchify(graph.conv(x, name(), to: 16), patch: 2, channels: 4)) }
    case 23: pictures.append(graph.addParameter(x, ParameterSpec(name: name(), shape: [1, graph.shape(x).pixels, channels])))
    case 24: vectors.append(graph.dense(graph.concatenate(vectors[numbers.index(vectors.count)], vector(3)), name(), to: 8))
    case 25: pictures.append(graph.addVector(x, graph.dense(graph.flattenCHW(graph.meanOfPixels(x)), name(), to: channels)))
    case 16: if channels > 4 { pictures.append(graph.slice(x, channels: 4..<channels)) }
    case 17:
      // Keys and values that depend on scalars only are a single row where these are equal.
      let context = vector(channels)
      pictures.append(graph.attention(queries: x, keys: context, values: context, heads: 1, scale: .scores))
    case 18: pictures.append(graph.nearestRow(x, table: ParameterSpec(name: name(), shape: [5, channels])).rows)
    default: vectors.append(graph.relu(graph.add(vectors[numbers.index(vectors.count)], vector(8))))
    }
  }

  private init(numbers: TestNumbers) { self.numbers = numbers }
}
