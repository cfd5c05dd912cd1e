import COneDNN
import Engine
import EngineCPU

/// Attention, whose work is two matrix products, against oneDNN's pointwise convolution of about the same work: a
/// product with packed weights and no softmax, which bounds what attention could reach.
enum AttentionBenchmark {
  struct Shape {
    let batch: Int64, size: Int64, heads: Int64, width: Int64
    var tokens: Int64 { size * size }
    var flops: Double { Double(4 * batch * heads * tokens * tokens * width) }
    var name: String { "\(batch) x \(tokens) tokens, \(heads) heads of \(width)" }
  }

  static let shapes = [
    Shape(batch: 16, size: 2, heads: 2, width: 32), Shape(batch: 16, size: 4, heads: 1, width: 32),
    Shape(batch: 4, size: 8, heads: 4, width: 64), Shape(batch: 4, size: 16, heads: 4, width: 64),
    Shape(batch: 1, size: 32, heads: 4, width: 64), Shape(batch: 1, size: 64, heads: 1, width: 64),
  ]

  static func run(_ shape: Shape, _ budget: Double) throws {
    var builder = GraphBuilder()
    let qkv = builder.imageInput("qkv", channels: Int(3 * shape.heads * shape.width), height: Int(shape.size), width: Int(shape.size))
    builder.output("y", builder.attention(qkv, heads: Int(shape.heads), order: .partsThenHeads))
    let graph = try builder.finish()
    let run = try KernelRun(graph, batch: Int(shape.batch), weights: RandomTensors(graph: graph))
    let ours = Stopwatch.best(budget: budget) { run.run() }
    let product = ConvolutionBenchmark.Shape(
      batch: shape.batch * shape.heads, size: shape.size, from: shape.width, to: shape.tokens, kernel: 1)
    let peer = try ConvolutionBenchmark.peer(product, plumb_onednn_preferred, budget)
    let rates = (shape.flops / ours * 1e-9, product.flops / peer * 1e-9)
    Table.line(
      shape.name,
      [Table.figure(rates.0, "GF/s"), Table.figure(rates.1, "GF/s"), Table.ratio(rates.0 / rates.1), Table.microseconds(ours)])
  }
}
