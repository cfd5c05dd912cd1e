import Engine

extension GroupNormBuilder {
  /// Group norm in the network's style, with another epsilon where one is given.
  mutating func norm(_ x: ValueID, _ name: ParameterScope, epsilon: Float? = nil) -> ValueID {
    let width = channels(x)
    return graph.groupNorm(
      x, groups: groupNorm.groups(width), epsilon: epsilon ?? groupNorm.epsilon, weight: name.parameter("weight", [width]),
      bias: name.parameter("bias", [width]))
  }

  /// norm, SiLU.
  mutating func activatedNorm(_ x: ValueID, _ name: ParameterScope) -> ValueID { graph.silu(norm(x, name)) }

  /// norm, SiLU, convolution: how U-Nets and decoders end.
  mutating func ending(_ x: ValueID, norm: ParameterScope, convolution: ParameterScope, width: Int) -> ValueID {
    self.convolution(activatedNorm(x, norm), convolution, width: width)
  }
}

extension LayerBuilder {
  mutating func layerNorm(_ x: ValueID, _ name: ParameterScope, epsilon: Float) -> ValueID {
    let shape = [channels(x)]
    return graph.layerNorm(x, epsilon: epsilon, weight: name.parameter("weight", shape), bias: name.parameter("bias", shape))
  }
}
