import Basics

/// Cosines and sines of a scalar at random frequencies, which the checkpoint keeps (Tancik et al. 2020).
package struct FourierEmbedding: Operation {
  /// `[width / 2]`, in turns.
  package var frequencies: ParameterSpec
  package var order: EmbeddingOrder

  package var name: String { "Fourier embedding \(frequencies.name)" }
  package var parameters: [ParameterSpec] { [frequencies] }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.scalar(operands)
    guard frequencies.shape.count == 1, (1...1 << 20).contains(frequencies.shape[0]) else {
      throw PlumbError(
        "bad shape of frequencies", kind: .input, at: frequencies.name, expected: "[width / 2]", found: "\(frequencies.shape)")
    }
    return .vector(2 * frequencies.shape[0])
  }
}

extension GraphBuilder {
  /// Random Fourier features of a scalar: cosines and sines of `t (2 pi f_k)`, in float32; `frequencies` is `[width / 2]`
  /// (Tancik et al. 2020, as in EDM's `FourierEmbedding`).
  public mutating func fourierEmbedding(_ t: ValueID, frequencies: ParameterSpec, order: EmbeddingOrder = .cosineFirst) -> ValueID {
    append(FourierEmbedding(frequencies: frequencies, order: order), [t])
  }
}
