import Checkpoints

/// The shapes of a checkpoint's tensors by name: what a network is recognised from.
struct CheckpointShapes {
  private let shapes: [String: [Int]]

  /// Those whose names start with `prefix`, without it.
  init(_ source: any TensorSource, under prefix: String = "") {
    shapes = Dictionary(
      source.entries.filter { $0.name.hasPrefix(prefix) }.map { (String($0.name.dropFirst(prefix.count)), $0.shape) },
      uniquingKeysWith: { first, _ in first })
  }

  subscript(name: String) -> [Int]? { shapes[name] }

  var names: Dictionary<String, [Int]>.Keys { shapes.keys }

  func has(_ name: String) -> Bool { shapes[name] != nil }

  /// The extent of a tensor along an axis; nil when there is none.
  func extent(_ name: String, axis: Int = 0) -> Int? {
    guard let shape = shapes[name], shape.indices.contains(axis) else { return nil }
    return shape[axis]
  }

  /// How many of the tensors called `name(0)`, `name(1)`, … there are before one is missing.
  func count(_ name: (Int) -> String) -> Int {
    var count = 0
    while has(name(count)) { count += 1 }
    return count
  }
}
