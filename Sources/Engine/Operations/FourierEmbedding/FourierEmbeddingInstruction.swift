/// `t (2 pi f)`, both products rounded to float32 as the original rounds them, then cosine and sine in float64.
struct FourierEmbeddingInstruction: BitwiseCopyable {
  private let half: Int
  private let order: EmbeddingOrder
  private let source: Operand
  private let output: Operand
  private let frequencies: UnsafePointer<Float>

  init(_ embedding: FourierEmbedding, _ site: Site) {
    half = embedding.frequencies.shape[0]
    order = embedding.order
    source = site.inputs[0]
    output = site.output
    frequencies = site.constants[0]
  }

  func run(_ frame: Frame) {
    let turn = Float(2 * Double.pi)
    for row in 0..<frame.rows(output) {
      let time = frame.address(source)[row]
      let embedded = frame.address(output) + row * output.count
      for k in 0..<half { order.write(angle: time * (turn * frequencies[k]), k, of: half, into: embedded) }
    }
  }
}
