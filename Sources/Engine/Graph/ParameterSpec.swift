/// A tensor the graph wants from a checkpoint: the checkpoint's own name and the shape PyTorch gives it.
public struct ParameterSpec: Hashable, Sendable {
  public let name: String
  /// For a convolution `[out, in, kh, kw]` or `[out, in, 1]`, for a linear layer `[out, in]`, for a bias `[out]`.
  public let shape: [Int]

  public init(name: String, shape: [Int]) {
    self.name = name
    self.shape = shape
  }
}

extension ParameterSpec: CustomStringConvertible {
  public var description: String { "\(name) \(shape)" }
}
