import Basics
import CKernels
import Checkpoints
import Engine

/// The packed weight and bias of a convolution, or of a linear layer, which is one of a single pixel.
struct ConvolutionBlock: PackedBlock {
  let weight: ParameterSpec
  let bias: ParameterSpec?
  /// The weight is turned over, and its input and output channels are exchanged: that of the adjoint.
  var isTurned = false

  var count: Int { withUnsafePointer(to: shape) { Int(plumb_convolution_packed_count($0)) } }

  func pack(from source: any TensorSource, into place: UnsafeMutablePointer<Float>) throws {
    let biases = try bias.map { try $0.read(from: source).floats() }
    if isTurned {
      pack(turn(try weight.read(from: source).floats()), biases, into: place)
    } else {
      try weight.read(from: source).withFloats { pack($0, biases, into: place) }
    }
  }

  private func pack(_ weights: UnsafePointer<Float>, _ biases: [Float]?, into place: UnsafeMutablePointer<Float>) {
    withUnsafePointer(to: shape) { shape in
      if let biases {
        plumb_convolution_pack(shape, weights, biases, place)
      } else {
        plumb_convolution_pack(shape, weights, nil, place)
      }
    }
  }

  /// `[in, out, kh, kw]` of a weight `[out, in, kh, kw]`, with rows and columns turned over.
  private func turn(_ weights: [Float]) -> [Float] {
    let (outputs, inputs, taps) = (weight.shape[0], weight.shape[1], weight.shape.dropFirst(2).reduce(1, *))
    var turned = [Float](repeating: 0, count: weights.count)
    for output in 0..<outputs {
      for input in 0..<inputs {
        for tap in 0..<taps { turned[(input * outputs + output) * taps + tap] = weights[(output * inputs + input) * taps + taps - 1 - tap] }
      }
    }
    return turned
  }

  /// What packing needs to know of a convolution: its channels and taps.
  private var shape: plumb_convolution_shape { kernelShape(of: .scalar, to: .scalar, stride: 1, padding: 0) }

  /// What the kernel is told: channels and taps of the weight, and the extents of the pictures it goes from and to.
  func kernelShape(of source: ValueShape, to result: ValueShape, stride: Int, padding: Int) -> plumb_convolution_shape {
    let (extents, from, to) = (weight.shape + [1, 1], Extents(source), Extents(result))
    let (channels, outputs) = isTurned ? (extents[0], extents[1]) : (extents[1], extents[0])
    return plumb_convolution_shape(
      height: from.height, width: from.width, channels: Int64(channels), output_height: to.height, output_width: to.width,
      output_channels: Int64(outputs), kernel_height: Int64(extents[2]), kernel_width: Int64(extents[3]), stride: Int64(stride),
      padding: Int64(padding))
  }
}
