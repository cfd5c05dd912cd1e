import Engine

/// The operations a device has kernels for: one table, which the compiler asks and the numerics probe goes through.
package struct CPUOperations: Sendable {
  package let types: [any CPUOperation.Type]
  private let known: Set<ObjectIdentifier>

  package init(_ types: [any CPUOperation.Type]) {
    self.types = types
    known = Set(types.map { ObjectIdentifier($0) })
  }

  /// Whether the table has a kernel for an operation.
  func contains(_ operation: any Operation) -> Bool { known.contains(ObjectIdentifier(type(of: operation))) }

  /// All that this target has.
  package static let all = CPUOperations([
    Activation.self,
    ActivationAdjoint.self,
    Add.self,
    AddParameter.self,
    AddVector.self,
    Attention.self,
    AttentionAdjoint.self,
    Concatenate.self,
    Convolution.self,
    ConvolutionWithResidual.self,
    CrossAttention.self,
    EmbeddingTable.self,
    FilterResampling.self,
    FirstPixel.self,
    FirstPixelAdjoint.self,
    Flatten.self,
    FourierEmbedding.self,
    GroupNorm.self,
    GroupNormAdjoint.self,
    InsertZeros.self,
    LayerNorm.self,
    Linear.self,
    LogProbability.self,
    LogProbabilityAdjoint.self,
    MeanAdjoint.self,
    Modulate.self,
    ModulatedGroupNorm.self,
    Multiply.self,
    MultiplyVector.self,
    NearestRow.self,
    OneHot.self,
    Ones.self,
    Resampling.self,
    Scale.self,
    ChannelSlice.self,
    SliceAdjoint.self,
    TimestepEmbedding.self,
    TokenPool.self,
    TokenPoolAdjoint.self,
    Unpatchify.self,
  ])
}
