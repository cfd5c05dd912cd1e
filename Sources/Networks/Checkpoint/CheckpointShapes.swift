import Checkpoints

/// The shapes of a checkpoint's tensors by name: what a network is recognised from.
struct CheckpointShapes {
  private let shapes: [String: [Int]]

  private init(_ shapes: [(name: String, shape: [Int])]) {
    self.shapes = Dictionary(shapes.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
  }

  init(_ source: any TensorSource) { self.init(source.entries.map { ($0.name, $0.shape) }) }

  /// Those whose names start with `prefix`, without it.
  init(_ source: any TensorSource, under prefix: String) { self = CheckpointShapes(source).under(prefix) }

  subscript(name: String) -> [Int]? { shapes[name] }

  var names: Dictionary<String, [Int]>.Keys { shapes.keys }

  func has(_ name: String) -> Bool { shapes[name] != nil }

  /// The extent of a tensor along an axis; nil when there is none.
  func extent(_ name: String, axis: Int = 0) -> Int? {
    guard let shape = shapes[name], shape.indices.contains(axis) else { return nil }
    return shape[axis]
  }

  /// Those of a network that lies under `prefix`, without it.
  func under(_ prefix: String) -> CheckpointShapes {
    CheckpointShapes(shapes.filter { $0.key.hasPrefix(prefix) }.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }

  /// How many of the tensors called `name(0)`, `name(1)`, … there are before one is missing.
  func count(_ name: (Int) -> String) -> Int {
    var count = 0
    while has(name(count)) { count += 1 }
    return count
  }
}

extension TensorSource {
  /// Where a file may keep the networks that have a tensor called `landmark`: what stands before that name ("ema/model."), and
  /// nothing for its own. Levels of names end in a dot, those of containers in a slash.
  func prefixes(before landmark: String) -> [String] {
    entries.map(\.name).filter { $0.hasSuffix(landmark) }.map { String($0.dropLast(landmark.count)) }
      .filter { $0.isEmpty || $0.hasSuffix("/") || $0.hasSuffix(".") }
  }
}
