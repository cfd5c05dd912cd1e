import Engine

extension GraphBuilder {
  /// A convolution with weights called after `name`.
  package mutating func conv(_ x: ValueID, _ name: String, to channels: Int, kernel: Int = 3, stride: Int = 1, bias: Bool = true) -> ValueID
  {
    let weight = ParameterSpec(name: name + ".weight", shape: [channels, shape(x).channels, kernel, kernel])
    return convolution(
      x, weight: weight, bias: bias ? ParameterSpec(name: name + ".bias", shape: [channels]) : nil, stride: stride, padding: kernel / 2)
  }

  package mutating func norm(_ x: ValueID, _ name: String, groups: Int = 4, epsilon: Float = 1e-5) -> ValueID {
    let channels = shape(x).channels
    return groupNorm(
      x, groups: groups, epsilon: epsilon, weight: ParameterSpec(name: name + ".weight", shape: [channels]),
      bias: ParameterSpec(name: name + ".bias", shape: [channels]))
  }

  package mutating func dense(_ x: ValueID, _ name: String, to width: Int, bias: Bool = true) -> ValueID {
    linear(
      x, weight: ParameterSpec(name: name + ".weight", shape: [width, shape(x).channels]),
      bias: bias ? ParameterSpec(name: name + ".bias", shape: [width]) : nil)
  }
}
