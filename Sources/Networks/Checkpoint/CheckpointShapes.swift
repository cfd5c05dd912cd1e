import Checkpoints

/// The shapes of a checkpoint's tensors by name: what a network is recognised from.
///
/// A file may say anything: a shape is handed out only when every extent is one that a tensor of a network can have, so that
/// those who reckon with it need not think of what leaves an Int.
struct CheckpointShapes {
  private let shapes: [String: [Int]]
  private static let extents = 0...1 << 31

  /// Those whose names start with `prefix`, without it.
  init(_ source: any TensorSource, under prefix: String = "") {
    let named = source.entries.filter { $0.name.hasPrefix(prefix) }.map { (String($0.name.dropFirst(prefix.count)), $0.shape) }
    shapes = Dictionary(named, uniquingKeysWith: { first, _ in first })
  }

  /// The shape of a tensor; nil when there is none, or one with an extent that no network's tensor has.
  subscript(name: String) -> [Int]? {
    guard let shape = shapes[name], shape.allSatisfy(Self.extents.contains) else { return nil }
    return shape
  }

  var names: Dictionary<String, [Int]>.Keys { shapes.keys }

  func has(_ name: String) -> Bool { shapes[name] != nil }

  /// The extent of a tensor along an axis, at most 2^31; nil when there is none.
  func extent(_ name: String, axis: Int = 0) -> Int? {
    guard let shape = self[name], shape.indices.contains(axis) else { return nil }
    return shape[axis]
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
