import Glibc

/// cos and sin of `t * frequency`: the product in float32, as the original has it, the functions in float64.
struct TimestepEmbeddingInstruction: BitwiseCopyable {
  private let half: Int
  private let width: Int
  private let source: Operand
  private let output: Operand
  private let frequencies: UnsafePointer<Float>

  init(_ embedding: TimestepEmbedding, _ site: Site) {
    half = embedding.width / 2
    width = embedding.width
    source = site.inputs[0]
    output = site.output
    frequencies = site.constants[0]
  }

  func run(_ frame: Frame) {
    for row in 0..<frame.rows(output) {
      let time = frame.address(source)[row]
      let embedded = frame.address(output) + row * width
      for k in 0..<half {
        let angle = time * frequencies[k]
        embedded[k] = TimestepEmbedding.cosine(angle)
        embedded[half + k] = TimestepEmbedding.sine(angle)
      }
      if width > 2 * half { embedded[2 * half] = 0 }
    }
  }
}

extension TimestepEmbedding {
  /// `exp(-ln(maxPeriod) k / halfDivisor)`, every step rounded to float32.
  var frequencies: [Float] {
    let rate = Float(-log(maxPeriod))
    return (0..<(width / 2)).map { k in Float(exp(Double(rate * Float(k) / Float(halfDivisor)))) }
  }

  /// `t` times every frequency, in float32.
  func angles(_ t: Float) -> [Float] { frequencies.map { t * $0 } }

  /// Cosine and sine of a float32 angle, evaluated in float64 and rounded once.
  static func cosine(_ angle: Float) -> Float { Float(cos(Double(angle))) }
  static func sine(_ angle: Float) -> Float { Float(sin(Double(angle))) }
}

/// Copies rows of a table. Labels were checked when they were fed.
struct EmbeddingTableInstruction: BitwiseCopyable {
  private let source: Operand
  private let output: Operand
  private let table: UnsafePointer<Float>

  init(_ site: Site) {
    source = site.inputs[0]
    output = site.output
    table = site.constants[0]
  }

  func run(_ frame: Frame) {
    for row in 0..<frame.rows(output) {
      let label = Int(frame.address(source)[row])
      (frame.address(output) + row * output.count).update(from: table + label * output.count, count: output.count)
    }
  }
}
