import Basics

extension Pickle {
  /// REDUCE: the only functions a file may name. None of them is run; each stands for a value we make ourselves.
  mutating func call(_ function: PickleValue, _ arguments: PickleValue) throws -> PickleValue {
    guard case .global(let global) = function else { throw PlumbError("the pickle calls something that is not a function") }
    guard let arguments = tuple(arguments) else { throw PlumbError("the pickle calls \(global) without a tuple of arguments") }
    switch global.description {
    case "torch._utils._rebuild_tensor_v2":
      return try tensor(arguments, count: 6...7, of: global)
    case "torch._utils._rebuild_tensor":
      return try tensor(arguments, count: 4...4, of: global)
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch.nn.parameter.Parameter":
      guard let value = arguments.first, case .tensor = value else { throw wrongArguments(global) }
      return value
    case "collections.OrderedDict":
      return try dictionary(arguments, of: global)
    case "torch.Size":
      guard arguments.count == 1, tuple(arguments[0]) != nil else { throw wrongArguments(global) }
      return arguments[0]
    case "torch.device":
      guard let kind = arguments.first, case .text = kind else { throw wrongArguments(global) }
      return .opaque
    case "_codecs.encode":
      guard arguments.count == 2, case .text(let text) = arguments[0], arguments[1] == .text("latin1") else { throw wrongArguments(global) }
      return .bytes(
        try text.unicodeScalars.map { scalar in
          guard let byte = UInt8(exactly: scalar.value) else { throw wrongArguments(global) }
          return byte
        })
    default:
      throw PlumbError("the pickle calls a function that is not allowed", found: global.description)
    }
  }

  /// NEWOBJ: an object of a class that only holds attributes.
  mutating func construct(_ type: PickleValue, _ arguments: PickleValue) throws -> PickleValue {
    guard case .global(let global) = type, let arguments = tuple(arguments) else {
      throw PlumbError("the pickle makes an object of something that is not a class")
    }
    switch global.description {
    case "argparse.Namespace" where arguments.isEmpty: return make(.object([]))
    case "collections.OrderedDict": return try dictionary(arguments, of: global)
    default: throw PlumbError("the pickle makes an object of a class that is not allowed", found: global.description)
    }
  }

  /// BUILD: gives the object on top of the stack its attributes. Those of a dict (a state dict's `_metadata`) hold no
  /// tensors and are dropped.
  mutating func build(_ state: PickleValue) throws {
    guard case .node(let index)? = stack.last, stack.count > (marks.last ?? 0) else { throw notBuildable() }
    switch heap[index] {
    case .dictionary: return
    case .object:
      guard case .node(let source) = state, case .dictionary(let pairs) = heap[source] else { throw notBuildable() }
      heap[index] = .object(pairs)
    default: throw notBuildable()
    }
  }

  private func notBuildable() -> PlumbError {
    PlumbError("the pickle sets attributes of something that is not an object just made")
  }

  private func wrongArguments(_ global: PickleGlobal) -> PlumbError {
    PlumbError("wrong arguments of \(global) in the pickle")
  }

  /// (storage, offset, size, stride, ...): what follows says nothing about the values.
  private mutating func tensor(_ arguments: [PickleValue], count: ClosedRange<Int>, of global: PickleGlobal) throws -> PickleValue {
    guard count.contains(arguments.count), case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
      let shape = integers(arguments[2]), let strides = integers(arguments[3])
    else { throw wrongArguments(global) }
    tensors.append(try TensorWindow(storage: storage, offset: offset, shape: shape, strides: strides))
    return .tensor(tensors.count - 1)
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard let items = tuple(value) else { return nil }
    let numbers = items.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    return numbers.count == items.count ? numbers : nil
  }

  /// `OrderedDict()` or `OrderedDict([[key, value], ...])`, as Python 2 wrote it.
  private mutating func dictionary(_ arguments: [PickleValue], of global: PickleGlobal) throws -> PickleValue {
    guard let first = arguments.first else { return make(.dictionary([])) }
    guard arguments.count == 1, case .node(let index) = first, case .list(let items) = heap[index] else { throw wrongArguments(global) }
    let pairs = try items.map { item -> (key: PickleValue, value: PickleValue) in
      guard case .node(let index) = item else { throw wrongArguments(global) }
      switch heap[index] {
      case .tuple(let pair) where pair.count == 2, .list(let pair) where pair.count == 2: return (pair[0], pair[1])
      default: throw wrongArguments(global)
      }
    }
    return make(.dictionary(pairs))
  }
}
