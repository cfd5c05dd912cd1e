import Engine

/// How the original writes a layer on every pixel by itself; it decides the rank of the weight, and nothing else.
enum PointwiseForm: Sendable {
  /// `nn.Linear`, `[out, in]`; on a vector too.
  case linear
  /// `nn.Conv1d` over the pixels in a row, `[out, in, 1]`.
  case convolution1D
  /// `nn.Conv2d`, `[out, in, 1, 1]`.
  case convolution2D

  fileprivate var rank: Int {
    switch self {
    case .linear: 2
    case .convolution1D: 3
    case .convolution2D: 4
    }
  }
}

extension LayerBuilder {
  /// A square convolution; `padding` is what keeps the size at stride 1 unless given.
  mutating func convolution(
    _ x: ValueID, _ name: ParameterScope, width: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil, trailingPadding: Int = 0
  ) -> ValueID {
    graph.convolution(
      x, weight: name.parameter("weight", [width, channels(x), kernel, kernel]), bias: name.parameter("bias", [width]), stride: stride,
      padding: padding ?? kernel / 2, trailingPadding: trailingPadding)
  }

  /// `W x + b` on a vector, or on every pixel.
  mutating func linear(_ x: ValueID, _ name: ParameterScope, width: Int, hasBias: Bool = true) -> ValueID {
    pointwise(x, name, width: width, form: .linear, hasBias: hasBias)
  }

  /// `W x + b` on every pixel, in one of the forms the originals have.
  mutating func pointwise(_ x: ValueID, _ name: ParameterScope, width: Int, form: PointwiseForm, hasBias: Bool = true) -> ValueID {
    let shape = [width, channels(x)] + Array(repeating: 1, count: form.rank - 2)
    return graph.linear(x, weight: name.parameter("weight", shape), bias: hasBias ? name.parameter("bias", [width]) : nil)
  }

  /// Linear, SiLU, linear, both of one width: what makes an embedding of the features of a timestep.
  mutating func perceptron(_ features: ValueID, _ first: ParameterScope, _ second: ParameterScope, width: Int) -> ValueID {
    linear(graph.silu(linear(features, first, width: width)), second, width: width)
  }
}
