import Engine

/// A place among a checkpoint's names. Networks go down it part by part, as candle's `VarBuilder::pp` does, so that a graph
/// reads like the state dict.
///
///     let level: ParameterScope = "down.0"
///     level["block.1"]["conv1"].parameter("weight", [64, 32, 3, 3])  // down.0.block.1.conv1.weight
struct ParameterScope: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// The names on the way, joined by dots; empty for the whole state dict.
  let path: String

  init(_ path: String) { self.path = path }

  init(stringLiteral path: String) { self.init(path) }

  /// The place of this name within this one.
  subscript(name: String) -> ParameterScope { ParameterScope(path.isEmpty ? name : "\(path).\(name)") }

  /// The tensor of this name, in PyTorch's shape.
  func parameter(_ name: String, _ shape: [Int]) -> ParameterSpec { ParameterSpec(name: self[name].path, shape: shape) }
}
