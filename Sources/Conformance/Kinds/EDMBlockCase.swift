import Basics
import Checkpoints
import Engine
import Networks

/// `block`: one `UNetBlock` by itself.
enum EDMBlockCase: CaseKind {
  static let name = "block"
  static let families: Set<String> = ["edm"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    guard let place = golden.weights else { throw PlumbError("the case has no weights", kind: .input, at: "weights") }
    guard try config.text("class") == "UNetBlock", let arguments = config.value("init_kwargs") else {
      throw PlumbError("only a UNetBlock with its arguments is understood", kind: .input, at: "config.class")
    }
    let source = try CheckpointFile.open(place)
    let block = try EDMBlock(configuration: arguments)
    guard try config.integer("num_heads") == block.heads else {
      throw PlumbError("the arguments give another number of heads", kind: .input, at: "config.num_heads", found: "\(block.heads)")
    }
    config.accept("kind", "pickle_era", "seed")
    let (x, embedding) = (try inputs.read("x"), try inputs.read("emb"))
    guard x.shape.count == 4, x.shape[0] > 0, x.shape[1] == block.inChannels, embedding.shape == [x.shape[0], block.embChannels] else {
      throw PlumbError("the inputs do not fit the block", kind: .input, found: "x \(x.shape), emb \(embedding.shape)")
    }
    let (count, height, width) = (x.shape[0], x.shape[2], x.shape[3])
    let graph = try block.graph(height: height, width: width)
    let weights = source.under("ema/")
    var results = try graph.run(["x": x.floats(), "emb": embedding.floats()], count: count, weights: weights, at: place, on: golden.device)
    if let qkv = results["qkv"] { results["attention"] = try attention(qkv, heads: block.heads, on: golden.device) }
    return results
  }

  /// The weights of the engine's own attention, [N * heads, query, key]. With a value of 1 for one key and 0 for the others,
  /// what a query is given is its weight for that key; the channels of a head show as many keys in a run.
  private static func attention(_ qkv: HostTensor, heads: Int, on device: any Device) throws -> HostTensor {
    let (count, channels, height, width) = (qkv.shape[0], qkv.shape[1], qkv.shape[2], qkv.shape[3])
    let (tokens, wide) = (height * width, channels / 3 / heads)
    var graph = GraphBuilder()
    let x = graph.imageInput("qkv", channels: channels, height: height, width: width)
    graph.output("out", graph.attention(x, heads: heads, order: .headsThenChannelsThenParts))
    let finished = try graph.finish()
    var weights = [Float](repeating: 0, count: count * heads * tokens * tokens)
    for first in stride(from: 0, to: tokens, by: wide) {
      var fed = qkv.floats()
      for index in fed.indices where index / tokens % channels % 3 == 2 {
        fed[index] = index % tokens == first + index / tokens % channels / 3 % wide ? 1 : 0
      }
      let out = try finished.run(["qkv": fed], count: count, weights: NoTensors(), at: "attention", on: device)["out"]?.floats() ?? []
      // out: [N, heads, key - first, query]
      for index in out.indices {
        let (query, key, head) = (index % tokens, first + index / tokens % wide, index / tokens / wide)
        if key < tokens { weights[(head * tokens + query) * tokens + key] = out[index] }
      }
    }
    return try HostTensor(floats: weights, shape: [count * heads, tokens, tokens])
  }
}

/// For a graph without parameters.
struct NoTensors: TensorSource {
  var entries: [TensorEntry] { [] }
  func read(_ name: String) throws -> HostTensor { throw PlumbError("there is no tensor of this name", at: name) }
}
