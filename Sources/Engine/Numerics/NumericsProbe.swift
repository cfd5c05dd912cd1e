import Basics
import CKernels

/// A fixed run of every kernel that computes, on fixed numbers; its bits stand for the machine's.
enum NumericsProbe {
  /// Computed once per process; takes about a millisecond.
  static let digest: Digest = {
    var digester = Digester()
    for result in [convolutions(), norms(), attentions(), exponentials(), embeddings()] {
      result.withUnsafeBytes { digester.update($0) }
    }
    return digester.finish()
  }()

  /// Numbers in [-1, 1) from a linear congruential generator (Knuth's MMIX constants).
  private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int64(state >> 40)) / Float(1 << 23) - 1
    }
  }

  private static func convolutions() -> [Float] {
    var results: [Float] = []
    for (size, from, to, kernel, stride) in [(8, 19, 21, 3, 1), (9, 8, 16, 3, 2), (4, 32, 3, 1, 1)] as [(Int64, Int64, Int64, Int64, Int64)]
    {
      let padding = kernel / 2
      let extent = (size + 2 * padding - kernel) / stride + 1
      var shape = plumb_convolution_shape(
        height: size, width: size, channels: from, output_height: extent, output_width: extent, output_channels: to,
        kernel_height: kernel, kernel_width: kernel, stride: stride, padding: padding)
      let weights = numbers(Int(from * to * kernel * kernel), seed: 1)
      let bias = numbers(Int(to), seed: 2)
      let source = numbers(Int(2 * size * size * from), seed: 3)
      var packed = [Float](repeating: 0, count: Int(plumb_convolution_packed_count(&shape)))
      plumb_convolution_pack(&shape, weights, bias, &packed)
      var result = [Float](repeating: 0, count: Int(2 * extent * extent * to))
      plumb_convolution(&shape, 2, source, packed, nil, &result)
      results += result
    }
    return results
  }

  private static func norms() -> [Float] {
    let (pixels, channels) = (25, 24)
    var scratch = [Float](repeating: 0, count: Int(plumb_group_norm_scratch_count(Int64(channels))))
    var result = [Float](repeating: 0, count: pixels * channels)
    plumb_group_norm(
      1, Int64(pixels), Int64(channels), 4, 1e-5, numbers(pixels * channels, seed: 4), numbers(channels, seed: 5),
      numbers(channels, seed: 6), numbers(2 * channels, seed: 7), 0, 1, &result, &scratch)
    return result
  }

  private static func attentions() -> [Float] {
    var shape = plumb_attention_shape(tokens: 20, heads: 2, width: 12, query: 0, key: 24, value: 48, head_stride: 12)
    var scratch = [Float](repeating: 0, count: Int(plumb_attention_scratch_count(&shape)))
    var result = [Float](repeating: 0, count: 20 * 24)
    plumb_attention(&shape, 1, numbers(20 * 72, seed: 8), &result, &scratch)
    return result
  }

  private static func exponentials() -> [Float] {
    let arguments = numbers(4096, seed: 9).map { $0 * 88 }
    var result = arguments
    plumb_exp(Int64(arguments.count), arguments, &result)
    return result
  }

  /// Frequencies and angles of a timestep embedding, which the C library computes.
  private static func embeddings() -> [Float] {
    let embedding = TimestepEmbedding(width: 256, maxPeriod: 10000, halfDivisor: 128)
    return [Float(0), 1, 53, 526.5, 999].flatMap {
      embedding.angles($0).flatMap { [TimestepEmbedding.cosine($0), TimestepEmbedding.sine($0)] }
    }
  }
}
