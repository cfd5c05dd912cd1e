import Checkpoints
import Engine
import Glibc

extension TimestepEmbedding: CPUOperation {
  var constants: [any PackedBlock] { [FrequencyBlock(embedding: self)] }

  func instruction(_ site: Site) -> any Instruction {
    TimestepEmbeddingInstruction(
      half: width / 2, width: width, order: order, source: site.inputs[0], output: site.output, frequencies: site.constants[0])
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let t = graph.scalarInput("t")
    return FrequencyFormula.allCases.map { graph.timestepEmbedding(t, width: 256, maxPeriod: 10000, halfDivisor: 128, formula: $0) }
  }
}

/// cos and sin of `t * frequency`: the product in float32, as the originals have it, the functions in float64.
private struct TimestepEmbeddingInstruction: Instruction {
  let half: Int
  let width: Int
  let order: EmbeddingOrder
  let source: Operand
  let output: Operand
  let frequencies: UnsafePointer<Float>

  func run(_ frame: Frame) {
    for row in 0..<frame.rows(output) {
      let time = frame.address(source)[row]
      let embedded = frame.address(output) + row * width
      for k in 0..<half { order.write(angle: time * frequencies[k], k, of: half, into: embedded) }
      if width > 2 * half { embedded[2 * half] = 0 }
    }
  }
}

/// The frequencies, computed once.
private struct FrequencyBlock: PackedBlock {
  let embedding: TimestepEmbedding

  var count: Int { embedding.width / 2 }

  func pack(from source: any TensorSource, into place: UnsafeMutablePointer<Float>) throws {
    for (index, frequency) in embedding.frequencies.enumerated() { place[index] = frequency }
  }
}

extension EmbeddingOrder {
  /// Writes cosine and sine of float32 angle `k` of `half`, evaluated in float64 and rounded once, into an embedding.
  func write(angle: Float, _ k: Int, of half: Int, into embedded: UnsafeMutablePointer<Float>) {
    let (cosine, sine) = self == .cosineFirst ? (k, half + k) : (half + k, k)
    embedded[cosine] = Float(cos(Double(angle)))
    embedded[sine] = Float(sin(Double(angle)))
  }
}
