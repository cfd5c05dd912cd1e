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
    case "torch._tensor._rebuild_from_type_v2":
      // (function, class, its arguments, attributes): a tensor somebody hung attributes on.
      guard arguments.count == 4, case .global(let rebuild) = arguments[0], rebuild.module == "torch._utils" else {
        throw wrongArguments(global)
      }
      return try call(arguments[0], arguments[2])
    case "torch.storage._load_from_bytes" where holdsStorages:
      guard arguments.count == 1, case .span(let span) = arguments[0] else { throw wrongArguments(global) }
      return keep(try EmbeddedStorage.parse(span, of: reader))
    case "torch_utils.persistence._reconstruct_persistent_obj":
      return try module(arguments, of: global)
    case "numpy.dtype":
      guard (1...3).contains(arguments.count), case .text(let code) = arguments[0] else { throw wrongArguments(global) }
      return make(.numpyType(code: code, order: "<"))
    case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar":
      return try numpyScalar(arguments, of: global)
    case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct":
      // An array: its contents come with BUILD and are not looked at.
      return make(.record)
    case "collections.OrderedDict":
      return try dictionary(arguments, of: global)
    case "collections.defaultdict":
      return make(.dictionary([]))
    case "collections.Counter":
      guard let first = arguments.first else { return make(.dictionary([])) }
      guard arguments.count == 1, dictionary(first) != nil else { throw wrongArguments(global) }
      return first
    case "__builtin__.set", "builtins.set", "__builtin__.frozenset", "builtins.frozenset":
      guard arguments.count == 1, case .node(let index) = arguments[0], case .list = heap[index] else { throw wrongArguments(global) }
      return arguments[0]
    case "types.SimpleNamespace" where arguments.isEmpty:
      return make(.object([]))
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

  /// Modules of which an object says nothing about tensors, and nothing we would act on: configurations, optimisers.
  private static let inertModules = ["omegaconf.", "pytorch_lightning.", "lightning.", "torch.optim.", "numpy.random."]

  /// NEWOBJ: an object of a class that only holds attributes. Nothing is made of any class, so none could do harm; but a file
  /// that names a class nobody expects in a checkpoint deserves no trust.
  mutating func construct(_ type: PickleValue, _ arguments: PickleValue) throws -> PickleValue {
    guard case .global(let global) = type, let arguments = tuple(arguments) else {
      throw PlumbError("the pickle makes an object of something that is not a class")
    }
    switch global.description {
    case "argparse.Namespace" where arguments.isEmpty: return make(.object([]))
    case "collections.OrderedDict", "dnnlib.util.EasyDict": return try dictionary(arguments, of: global)
    case let name where name.hasPrefix("torch.nn.modules."): return make(.module(className: global.name, state: .none))
    case let name where Self.inertModules.contains(where: name.hasPrefix): return make(.record)
    default: throw PlumbError("the pickle makes an object of a class that is not allowed", found: global.description)
    }
  }

  /// BUILD: gives the object on top of the stack its attributes. Those of a dict (a state dict's `_metadata`) hold no
  /// tensors and are dropped.
  mutating func build(_ state: PickleValue) throws {
    guard case .node(let index)? = stack.last, stack.count > (marks.last ?? 0) else { throw notBuildable() }
    switch heap[index] {
    case .dictionary, .record: return
    case .object:
      guard let pairs = dictionary(state) else { throw notBuildable() }
      heap[index] = .object(pairs)
    case .module(let className, .none):
      guard dictionary(state) != nil else { throw notBuildable() }
      heap[index] = .module(className: className, state: state)
    case .numpyType(let code, _):
      // (version, byte order, ...)
      guard let items = tuple(state), items.count >= 2, case .text(let order) = items[1] else { throw notBuildable() }
      heap[index] = .numpyType(code: code, order: order)
    default: throw notBuildable()
    }
  }

  private func notBuildable() -> PlumbError {
    PlumbError("the pickle sets attributes of something that is not an object just made")
  }

  /// (storage, offset, size, stride, ...): what follows says nothing about the values.
  private mutating func tensor(_ arguments: [PickleValue], count: ClosedRange<Int>, of global: PickleGlobal) throws -> PickleValue {
    guard count.contains(arguments.count), case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
      let shape = integers(arguments[2]), let strides = integers(arguments[3])
    else { throw wrongArguments(global) }
    tensors.append(try TensorWindow(storage: storages[storage], offset: offset, shape: shape, strides: strides))
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
