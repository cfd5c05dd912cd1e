import Basics

/// What a pickled object holds, by path: the keys and positions from the top object, joined by "/".
struct PickleWalk {
  private(set) var entries: [TensorEntry] = []
  private(set) var windows: [String: TensorWindow] = [:]
  /// Plain values beside the tensors (epochs, hyper-parameters), nested as in the file.
  private(set) var attributes = JSONValue.object([:])

  /// An object in which one node is named again and again unfolds without end; a real checkpoint has some thousand values.
  static let visitLimit = 200_000
  static let depthLimit = 64
  static let nameLimit = 1024

  let pickle: Pickle
  private var visits = 0
  private var open: Set<Int> = []

  /// Throws when `top` is no container, is cyclic, nested too deeply or unfolds to too much, or when two tensors have one name.
  init(_ top: PickleValue, of pickle: Pickle) throws {
    self.pickle = pickle
    guard case .node(let index) = top else { throw Self.wrongTop() }
    switch pickle.heap[index] {
    case .tuple, .list, .dictionary, .module: break
    case .object, .numpyType, .record: throw Self.wrongTop()
    }
    let found = try visit(top, name: nil, depth: 0)
    switch found {
    case .object: attributes = found ?? attributes
    case .list(let items): attributes = Self.positions(items)
    default: break
    }
  }

  private static func wrongTop() -> PlumbError {
    PlumbError("the checkpoint's top object is not a dict or list of tensors")
  }

  /// The plain value that stands for `value`; nil when there is nothing plain in it. Tensors are noted on the way.
  mutating func visit(_ value: PickleValue, name: String?, depth: Int) throws -> JSONValue? {
    try count(1, depth: depth, at: name)
    switch value {
    case .tensor(let index):
      try note(pickle.tensors[index], name: name ?? "")
      return nil
    case .node(let index): return try visit(node: index, name: name, depth: depth)
    case .none: return .null
    case .bool(let flag): return .bool(flag)
    case .integer(let number): return .integer(Int64(number))
    // JSON has no infinities.
    case .number(let number): return number.isFinite ? .number(number) : .text(number.isNaN ? "nan" : number < 0 ? "-inf" : "inf")
    case .text(let text): return .text(text)
    case .wideInteger, .bytes, .span, .global, .opaque, .storage: return nil
    }
  }

  private mutating func visit(node index: Int, name: String?, depth: Int) throws -> JSONValue? {
    guard open.insert(index).inserted else { throw PlumbError("the checkpoint's object contains itself", at: name) }
    defer { open.remove(index) }
    switch pickle.heap[index] {
    case .tuple(let items), .list(let items):
      let before = entries.count
      let values = try items.enumerated().map { position, item in
        try visit(item, name: try join(name, String(position)), depth: depth + 1)
      }
      return entries.count == before ? .list(values.map { $0 ?? .null }) : Self.positions(values)
    case .dictionary(let pairs), .object(let pairs):
      var fields: [String: JSONValue] = [:]
      for (key, value) in try unique(pairs, in: name, depth: depth) {
        fields[key] = try visit(value, name: try join(name, key), depth: depth + 1)
      }
      return fields.isEmpty && !pairs.isEmpty ? nil : .object(fields)
    case .module(let className, let state):
      return .object(try visit(module: className, state: state, name: name, separator: "/", depth: depth))
    case .numpyType, .record: return nil
    }
  }

  /// The items of a list among tensors, by position.
  private static func positions(_ values: [JSONValue?]) -> JSONValue {
    var fields: [String: JSONValue] = [:]
    for (position, value) in values.enumerated() { fields[String(position)] = value }
    return .object(fields)
  }

  mutating func note(_ window: TensorWindow, name: String) throws {
    guard windows.updateValue(window, forKey: name) == nil else {
      throw PlumbError("the checkpoint holds two tensors of one name", at: name)
    }
    entries.append(TensorEntry(name: name, dtype: window.storage.dtype, shape: window.shape))
  }

  /// The pairs of a dict with their keys as text. A key that was set twice has its last value.
  mutating func unique(
    _ pairs: [(key: PickleValue, value: PickleValue)], in name: String?, depth: Int
  ) throws -> [(key: String, value: PickleValue)] {
    try count(pairs.count, depth: depth, at: name)
    var last: [PickleValue: Int] = [:]
    for (position, pair) in pairs.enumerated() { last[pair.key] = position }
    return try pairs.enumerated().filter { last[$1.key] == $0 }.map { (try text(of: $1.key, in: name), $1.value) }
  }

  func join(_ name: String?, _ part: String, separator: String = "/") throws -> String {
    let joined = name.map { "\($0)\(separator)\(part)" } ?? part
    guard joined.utf8.count <= Self.nameLimit else {
      throw PlumbError("a name in the checkpoint is too long", at: String(joined.prefix(80)), expected: "at most \(Self.nameLimit) bytes")
    }
    return joined
  }

  mutating func count(_ more: Int, depth: Int, at name: String?) throws {
    visits += more
    guard visits <= Self.visitLimit, depth <= Self.depthLimit else {
      throw PlumbError(
        "the checkpoint's object is nested too deeply or unfolds to too many values", at: name,
        expected: "at most \(Self.depthLimit) levels and \(Self.visitLimit) values")
    }
  }

  private func text(of key: PickleValue, in name: String?) throws -> String {
    switch key {
    case .text(let text): return text
    case .integer(let number): return String(number)
    case .bool(let flag): return flag ? "True" : "False"
    case .number(let number): return "\(number)"
    case .none: return "None"
    case .global(let global): return global.description
    default: throw PlumbError("a key of the checkpoint's dict is neither text nor a number", at: name)
    }
  }
}
