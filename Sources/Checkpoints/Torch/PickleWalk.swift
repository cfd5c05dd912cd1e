import Basics

/// What a pickled object holds, by path: the keys and positions from the top object, joined by "/".
struct PickleWalk {
  private(set) var tensors: [(name: String, window: TensorWindow)] = []
  /// Plain values beside the tensors: epochs, hyper-parameters.
  private(set) var scalars: [String: JSONValue] = [:]

  /// An object in which one node is named again and again unfolds without end; a real checkpoint has some thousand values.
  static let visitLimit = 200_000
  static let depthLimit = 64
  static let nameLimit = 1024

  private let pickle: Pickle
  private var visits = 0
  private var open: Set<Int> = []
  private var names: Set<String> = []

  /// Throws when `top` is no container, is cyclic, nested too deeply or unfolds to too much, or when two tensors have one name.
  init(_ top: PickleValue, of pickle: Pickle) throws {
    self.pickle = pickle
    guard case .node(let index) = top else {
      throw PlumbError("the checkpoint's top object is not a dict or list of tensors")
    }
    if case .object = pickle.heap[index] { throw PlumbError("the checkpoint's top object is not a dict or list of tensors") }
    try visit(top, name: nil, depth: 0)
  }

  private mutating func visit(_ value: PickleValue, name: String?, depth: Int) throws {
    visits += 1
    guard visits <= Self.visitLimit, depth <= Self.depthLimit else {
      throw PlumbError(
        "the checkpoint's object is nested too deeply or unfolds to too many values", at: name,
        expected: "at most \(Self.depthLimit) levels and \(Self.visitLimit) values")
    }
    let key = name ?? ""
    switch value {
    case .tensor(let index):
      guard names.insert(key).inserted else { throw PlumbError("the checkpoint holds two tensors of one name", at: key) }
      tensors.append((key, pickle.tensors[index]))
    case .node(let index): try visit(node: index, name: name, depth: depth)
    case .bool(let flag): scalars[key] = .bool(flag)
    case .integer(let number): scalars[key] = .integer(Int64(number))
    case .number(let number): scalars[key] = .number(number)
    case .text(let text): scalars[key] = .text(text)
    case .none, .wideInteger, .bytes, .global, .opaque, .storage: break
    }
  }

  private mutating func visit(node index: Int, name: String?, depth: Int) throws {
    guard open.insert(index).inserted else { throw PlumbError("the checkpoint's object contains itself", at: name) }
    defer { open.remove(index) }
    switch pickle.heap[index] {
    case .tuple(let items), .list(let items):
      for (position, item) in items.enumerated() {
        try visit(item, name: try join(name, String(position)), depth: depth + 1)
      }
    case .dictionary(let pairs), .object(let pairs):
      // A key that was set twice has its last value.
      visits += pairs.count
      var last: [PickleValue: Int] = [:]
      for (position, pair) in pairs.enumerated() { last[pair.key] = position }
      for (position, pair) in pairs.enumerated() where last[pair.key] == position {
        try visit(pair.value, name: try join(name, text(of: pair.key, in: name)), depth: depth + 1)
      }
    }
  }

  private func join(_ name: String?, _ part: String) throws -> String {
    let joined = name.map { "\($0)/\(part)" } ?? part
    guard joined.utf8.count <= Self.nameLimit else {
      throw PlumbError("a name in the checkpoint is too long", at: String(joined.prefix(80)), expected: "at most \(Self.nameLimit) bytes")
    }
    return joined
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
