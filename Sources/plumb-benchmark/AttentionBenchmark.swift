import CKernels
import COneDNN

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
    let channels = shape.heads * shape.width
    var extents = plumb_attention_shape(
      tokens: shape.tokens, heads: shape.heads, width: shape.width, query: 0, key: channels, value: 2 * channels, head_stride: shape.width)
    let qkv = Floats(Int(shape.batch * shape.tokens * 3 * channels))
    let destination = Floats(Int(shape.batch * shape.tokens * channels))
    let scratch = Floats(Int(plumb_attention_scratch_count(&extents)))
    let ours = Stopwatch.best(budget: budget) { plumb_attention(&extents, shape.batch, qkv.base, destination.base, scratch.base) }
    let product = ConvolutionBenchmark.Shape(
      batch: shape.batch * shape.heads, size: shape.size, from: shape.width, to: shape.tokens, kernel: 1)
    let peer = try ConvolutionBenchmark.peer(product, plumb_onednn_preferred, budget)
    let rates = (shape.flops / ours * 1e-9, product.flops / peer * 1e-9)
    Table.line(
      shape.name,
      [Table.figure(rates.0, "GF/s"), Table.figure(rates.1, "GF/s"), Table.ratio(rates.0 / rates.1), Table.microseconds(ours)])
  }
}
