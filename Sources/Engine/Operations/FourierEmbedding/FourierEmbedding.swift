import Basics

/// Cosines and sines of a scalar at random frequencies, which the checkpoint keeps (Tancik et al. 2020).
package struct FourierEmbedding: Hashable, Sendable {
  /// `[width / 2]`, in turns.
  package var frequencies: ParameterSpec
  package var order: EmbeddingOrder

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let shape = try Operation.one(inputs)
    guard shape == .scalar else { throw PlumbError("operand is not a scalar", kind: .input, expected: "a scalar", found: "\(shape)") }
    guard frequencies.shape.count == 1, (1...1 << 20).contains(frequencies.shape[0]) else {
      throw PlumbError(
        "bad shape of frequencies", kind: .input, at: frequencies.name, expected: "[width / 2]", found: "\(frequencies.shape)")
    }
    return .vector(2 * frequencies.shape[0])
  }
}
