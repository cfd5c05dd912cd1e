import Glibc

/// cos and sin of `t * frequency`: the product in float32, as the originals have it, the functions in float64.
struct TimestepEmbeddingInstruction: BitwiseCopyable {
  private let half: Int
  private let width: Int
  private let order: EmbeddingOrder
  private let source: Operand
  private let output: Operand
  private let frequencies: UnsafePointer<Float>

  init(_ embedding: TimestepEmbedding, _ site: Site) {
    half = embedding.width / 2
    width = embedding.width
    order = embedding.order
    source = site.inputs[0]
    output = site.output
    frequencies = site.constants[0]
  }

  func run(_ frame: Frame) {
    for row in 0..<frame.rows(output) {
      let time = frame.address(source)[row]
      let embedded = frame.address(output) + row * width
      for k in 0..<half { order.write(angle: time * frequencies[k], k, of: half, into: embedded) }
      if width > 2 * half { embedded[2 * half] = 0 }
    }
  }
}

extension TimestepEmbedding {
  /// `maxPeriod^(-k / halfDivisor)`, rounded to float32 where the formula rounds.
  var frequencies: [Float] {
    (0..<(width / 2)).map { index in
      let (k, divisor) = (Float(index), Float(halfDivisor))
      return switch formula {
      case .exponentialOfQuotient: Float(exp(Double(Float(-log(maxPeriod)) * k / divisor)))
      case .exponentialOfRate: Float(exp(Double(k * Float(-log(maxPeriod) / Double(halfDivisor)))))
      case .power: Float(pow(Double(Float(1 / maxPeriod)), Double(k / divisor)))
      }
    }
  }

  /// `t` times every frequency, in float32.
  func angles(_ t: Float) -> [Float] { frequencies.map { t * $0 } }

  /// Cosine and sine of a float32 angle, evaluated in float64 and rounded once.
  static func cosine(_ angle: Float) -> Float { Float(cos(Double(angle))) }
  static func sine(_ angle: Float) -> Float { Float(sin(Double(angle))) }
}

extension EmbeddingOrder {
  /// Writes cosine and sine of angle `k` of `half` into an embedding.
  func write(angle: Float, _ k: Int, of half: Int, into embedded: UnsafeMutablePointer<Float>) {
    let (cosine, sine) = self == .cosineFirst ? (k, half + k) : (half + k, k)
    embedded[cosine] = TimestepEmbedding.cosine(angle)
    embedded[sine] = TimestepEmbedding.sine(angle)
  }
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
