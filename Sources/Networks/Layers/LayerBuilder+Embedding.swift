import Engine

extension LayerBuilder {
  /// Linear, SiLU, linear, both of one width: what makes an embedding of the features of a timestep.
  mutating func perceptron(_ features: ValueID, _ first: ParameterScope, _ second: ParameterScope, width: Int) -> ValueID {
    linear(graph.silu(linear(features, first, width: width)), second, width: width)
  }
}
