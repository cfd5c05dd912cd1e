import Basics
package import Checkpoints
import Engine

/// Constants of one operation in the form its kernel wants. Equal blocks are packed once.
package protocol PackedBlock: Hashable, Sendable {
  /// Floats.
  var count: Int { get }

  /// Reads what it needs, one tensor at a time (and a bias), and writes `count` floats.
  func pack(from source: any TensorSource, into place: UnsafeMutablePointer<Float>) throws
}

/// A tensor as the checkpoint has it.
struct PlainBlock: PackedBlock {
  let parameter: ParameterSpec

  init(_ parameter: ParameterSpec) { self.parameter = parameter }

  var count: Int { parameter.shape.reduce(1, *) }

  func pack(from source: any TensorSource, into place: UnsafeMutablePointer<Float>) throws {
    let tensor = try parameter.read(from: source)
    try tensor.withFloats { place.update(from: $0, count: tensor.count) }
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
