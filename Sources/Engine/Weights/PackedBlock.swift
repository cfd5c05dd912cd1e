import Basics
import CKernels
import Checkpoints

/// Constants of one operation in the form its kernel wants.
enum PackedBlock: Hashable, Sendable {
  /// Of a convolution, or of a linear layer, which is one of a single pixel.
  case convolution(weight: ParameterSpec, bias: ParameterSpec?)
  /// Of the adjoint of a convolution.
  case convolutionAdjoint(weight: ParameterSpec)
  /// As the checkpoint has it.
  case plain(ParameterSpec)
  /// The frequencies of a timestep embedding.
  case frequencies(TimestepEmbedding)

  /// Floats.
  var count: Int {
    switch self {
    case .convolution(let weight, _): withUnsafePointer(to: Self.shape(weight)) { Int(plumb_convolution_packed_count($0)) }
    case .convolutionAdjoint(let weight):
      withUnsafePointer(to: Self.shape(Self.turned(weight))) { Int(plumb_convolution_packed_count($0)) }
    case .plain(let parameter): parameter.shape.reduce(1, *)
    case .frequencies(let embedding): embedding.frequencies.count
    }
  }

  /// Reads what it needs, one tensor at a time (and a bias), and writes `count` floats.
  func pack(from source: any TensorSource, into place: UnsafeMutablePointer<Float>) throws {
    switch self {
    case .convolution(let weight, let bias):
      let shape = Self.shape(weight)
      let biases = try bias.map { try Self.read($0, source).floats() }
      try Self.read(weight, source).withFloats { weights in
        withUnsafePointer(to: shape) { shape in
          if let biases {
            plumb_convolution_pack(shape, weights, biases, place)
          } else {
            plumb_convolution_pack(shape, weights, nil, place)
          }
        }
      }
    case .convolutionAdjoint(let weight):
      let turned = Self.turn(try Self.read(weight, source).floats(), weight)
      withUnsafePointer(to: Self.shape(Self.turned(weight))) { plumb_convolution_pack($0, turned, nil, place) }
    case .plain(let parameter):
      let tensor = try Self.read(parameter, source)
      try tensor.withFloats { place.update(from: $0, count: tensor.count) }
    case .frequencies(let embedding):
      for (index, frequency) in embedding.frequencies.enumerated() { place[index] = frequency }
    }
  }

  /// `[in, out, kh, kw]` of a weight `[out, in, kh, kw]`.
  private static func turned(_ weight: ParameterSpec) -> ParameterSpec {
    ParameterSpec(name: weight.name, shape: [weight.shape[1], weight.shape[0]] + weight.shape.dropFirst(2))
  }

  /// The numbers of a weight with rows and columns turned over and channels exchanged.
  private static func turn(_ weights: [Float], _ weight: ParameterSpec) -> [Float] {
    let (outputs, inputs, taps) = (weight.shape[0], weight.shape[1], weight.shape.dropFirst(2).reduce(1, *))
    var turned = [Float](repeating: 0, count: weights.count)
    for output in 0..<outputs {
      for input in 0..<inputs {
        for tap in 0..<taps { turned[(input * outputs + output) * taps + tap] = weights[(output * inputs + input) * taps + taps - 1 - tap] }
      }
    }
    return turned
  }

  /// The tensor, refused unless it has the shape asked for and holds floats.
  private static func read(_ parameter: ParameterSpec, _ source: any TensorSource) throws -> HostTensor {
    let tensor = try source.read(parameter.name)
    guard tensor.shape == parameter.shape else {
      throw PlumbError("tensor has the wrong shape", at: parameter.name, expected: "\(parameter.shape)", found: "\(tensor.shape)")
    }
    guard tensor.dtype.isFloat else {
      throw PlumbError("tensor does not hold floats", at: parameter.name, expected: "a float dtype", found: tensor.dtype.rawValue)
    }
    return tensor
  }

  /// What packing needs to know of a convolution: its channels and taps.
  private static func shape(_ weight: ParameterSpec) -> plumb_convolution_shape {
    let extents = weight.shape + [1, 1]
    return plumb_convolution_shape(
      height: 1, width: 1, channels: Int64(extents[1]), output_height: 1, output_width: 1, output_channels: Int64(extents[0]),
      kernel_height: Int64(extents[2]), kernel_width: Int64(extents[3]), stride: 1, padding: 0)
  }
}

extension HostTensor {
  /// The elements as float32, without a copy where they are that already.
  func withFloats<Result>(_ body: (UnsafePointer<Float>) throws -> Result) throws -> Result {
    func call(_ floats: UnsafeBufferPointer<Float>) throws -> Result {
      guard let base = floats.baseAddress else { throw PlumbError("tensor is empty", found: "\(shape)") }
      return try body(base)
    }
    guard dtype == .float32 else { return try floats().withUnsafeBufferPointer(call) }
    return try bytes.withUnsafeBytes { try $0.withMemoryRebound(to: Float.self, call) }
  }
}
