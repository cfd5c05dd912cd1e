import Basics

/// Modules pickled whole. A module's state is its instance dictionary: `_parameters`, `_buffers` and `_modules` hold the
/// tree, other names that start with an underscore are torch's own book-keeping, the rest are attributes.
extension PickleWalk {
  /// Notes the tensors of a module and of the modules in it under their paths, joined by ".", and returns its plain
  /// attributes, those of the modules in it under their names, and what it was made with.
  mutating func visit(
    module className: String, state: PickleValue, name: String?, separator: String, depth: Int
  ) throws -> [String: JSONValue] {
    var fields: [String: JSONValue] = [:]
    for (key, value) in try unique(pickle.dictionary(state) ?? [], in: name, depth: depth) {
      switch key {
      case "_parameters", "_buffers": try noteTensors(of: value, name: name, separator: separator, depth: depth)
      case "_modules":
        for (child, module) in try unique(pickle.dictionary(value) ?? [], in: name, depth: depth) {
          let path = try join(name, child, separator: separator)
          try count(1, depth: depth + 1, at: path)
          // A module that was left out is None here.
          guard case .node(let index) = module, case .module(let className, let state) = pickle.heap[index] else { continue }
          fields[child] = .object(try visit(module: className, state: state, name: path, separator: ".", depth: depth + 1))
        }
      case "_init_args", "_init_kwargs": fields[String(key.dropFirst())] = try plain(value, depth: depth + 1)
      case "training": break
      default:
        if !key.hasPrefix("_"), fields[key] == nil { fields[key] = try plain(value, depth: depth + 1) }
      }
    }
    fields["class_name"] = .text(className)
    return fields
  }

  /// Parameters and buffers that a module does without are None.
  private mutating func noteTensors(of table: PickleValue, name: String?, separator: String, depth: Int) throws {
    for (key, value) in try unique(pickle.dictionary(table) ?? [], in: name, depth: depth) {
      guard case .tensor(let index) = value else { continue }
      try note(pickle.tensors[index], name: try join(name, key, separator: separator))
    }
  }

  /// A plain attribute; what is not plain, tensors included, is no part of the module's state dict and left out.
  private mutating func plain(_ value: PickleValue, depth: Int) throws -> JSONValue? {
    switch value {
    case .tensor: return nil
    case .node(let index):
      try count(1, depth: depth, at: nil)
      switch pickle.heap[index] {
      case .tuple(let items), .list(let items):
        try count(items.count, depth: depth, at: nil)
        return .list(try items.map { try plain($0, depth: depth + 1) ?? .null })
      case .dictionary(let pairs), .object(let pairs):
        var fields: [String: JSONValue] = [:]
        for (key, value) in try unique(pairs, in: nil, depth: depth) { fields[key] = try plain(value, depth: depth + 1) }
        return .object(fields)
      case .module, .numpyType, .record: return nil
      }
    default: return try visit(value, name: nil, depth: depth)
    }
  }
}
