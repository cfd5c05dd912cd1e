package import Basics
package import Checkpoints

extension Graph {
  /// Throws `PlumbError` naming the first tensor that `source` lacks or has in another shape than the graph asks for: told
  /// before anything is read.
  package func checkPresence(in source: any TensorSource) throws {
    let shapes = Dictionary(source.entries.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    for parameter in parameters {
      guard let shape = shapes[parameter.name] else {
        throw PlumbError("tensor is missing", kind: .input, at: parameter.name, expected: "shape \(parameter.shape)")
      }
      guard shape == parameter.shape else {
        throw PlumbError("tensor has the wrong shape", kind: .input, at: parameter.name, expected: "\(parameter.shape)", found: "\(shape)")
      }
    }
  }
}

extension ParameterSpec {
  /// The tensor, refused unless it has the shape asked for and holds floats.
  package func read(from source: any TensorSource) throws -> HostTensor {
    let tensor = try source.read(name)
    guard tensor.shape == shape else {
      throw PlumbError("tensor has the wrong shape", at: name, expected: "\(shape)", found: "\(tensor.shape)")
    }
    guard tensor.dtype.isFloat else {
      throw PlumbError("tensor does not hold floats", at: name, expected: "a float dtype", found: tensor.dtype.rawValue)
    }
    return tensor
  }
}
