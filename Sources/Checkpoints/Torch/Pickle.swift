import Basics

/// An interpreter of the part of the pickle language (protocols 2 to 5) that state dicts are written in.
///
/// It executes nothing: opcodes outside its list are refused, names are only names, and the handful of functions that
/// may be "called" are cases of a switch (`Pickle+Calls.swift`). Time and memory are bounded by the number of its
/// operations and the length of its texts, which are bounded themselves. Not a general unpickler, and `torch.load(weights_only=True)` is not its model: that one
/// refuses protocols 4 and 5.
struct Pickle {
  /// Opcodes of one pickle. A state dict needs about forty a tensor, a pickled module two hundred.
  static let operationLimit = 2_000_000
  /// Bytes of one pickle; where the tensors' own bytes lie inside it, of the texts in it.
  static let sizeLimit = 1 << 24
  /// Byte strings up to this length (numbers of numpy) are copied, longer ones (storages) only remembered by their place.
  static let copyLimit = 16

  var reader: ByteReader
  var stack: [PickleValue] = []
  /// Heights of the stack at the open marks.
  var marks: [Int] = []
  var memo: [Int: PickleValue] = [:]
  var heap: [PickleNode] = []
  var tensors: [TensorWindow] = []
  var storages: [StorageReference] = []
  /// Bytes of text and of long integers that may still be read.
  var copyBudget = Pickle.sizeLimit
  /// Whether storages may lie in the pickle itself, as in EDM's files.
  let holdsStorages: Bool

  init(_ bytes: [UInt8], at offset: Int = 0) {
    self.init(ByteReader(bytes, at: offset, what: "pickle"), holdsStorages: false)
  }

  init(_ reader: ByteReader, holdsStorages: Bool) {
    self.reader = reader
    self.holdsStorages = holdsStorages
  }

  /// Runs to STOP and returns the top object. Throws `PlumbError` with the byte offset of the opcode at fault.
  mutating func run() throws -> PickleValue {
    stack = []
    marks = []
    memo = [:]
    for _ in 0..<Self.operationLimit {
      let start = reader.offset
      let code = try reader.byte()
      guard let operation = PickleOperation(rawValue: code) else {
        throw PlumbError("unsupported pickle opcode 0x\(String(code, radix: 16))", at: "byte \(start) of the pickle")
      }
      if operation == .stop { return try pop() }
      do {
        try perform(operation)
      } catch let error as PlumbError {
        throw error.at("byte \(start) of the pickle")
      }
    }
    throw PlumbError("the pickle is too long", expected: "at most \(Self.operationLimit) operations")
  }

  mutating func pop() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else { throw PlumbError("the pickle's stack is empty") }
    return value
  }

  /// The values above the last mark, which is taken away.
  mutating func popMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw PlumbError("no mark on the pickle's stack") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  mutating func make(_ node: PickleNode) -> PickleValue {
    heap.append(node)
    return .node(heap.count - 1)
  }

  mutating func keep(_ storage: StorageReference) -> PickleValue {
    storages.append(storage)
    return .storage(storages.count - 1)
  }

  mutating func pushTuple(_ count: Int) throws {
    var items: [PickleValue] = []
    for _ in 0..<count { items.append(try pop()) }
    stack.append(make(.tuple(items.reversed())))
  }

  mutating func remember(_ index: Int) throws {
    guard let top = stack.last, stack.count > (marks.last ?? 0) else { throw PlumbError("the pickle's stack is empty") }
    memo[index] = top
  }

  mutating func recall(_ index: Int) throws {
    guard let value = memo[index] else { throw PlumbError("the pickle refers to a memo entry that was never stored", found: "\(index)") }
    stack.append(value)
  }

  /// Adds `items` to the list on top of the stack.
  mutating func extend(by items: [PickleValue]) throws {
    guard case .node(let index)? = stack.last, case .list(var list) = heap[index] else {
      throw PlumbError("the pickle appends to something that is not a list")
    }
    heap[index] = .list([])  // so that the array is not shared while it grows
    list.append(contentsOf: items)
    heap[index] = .list(list)
  }

  /// Sets keys of the dict on top of the stack; `items` alternate key and value. A key set twice keeps its last value.
  mutating func set(_ items: [PickleValue]) throws {
    guard items.count % 2 == 0, case .node(let index)? = stack.last, case .dictionary(var pairs) = heap[index] else {
      throw PlumbError("the pickle sets keys of something that is not a dict")
    }
    heap[index] = .dictionary([])
    for position in stride(from: 0, to: items.count, by: 2) { pairs.append((items[position], items[position + 1])) }
    heap[index] = .dictionary(pairs)
  }

  /// The pairs of a dict; nil for anything else.
  func dictionary(_ value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
    if case .node(let index) = value, case .dictionary(let pairs) = heap[index] { pairs } else { nil }
  }

  /// The items of a tuple; nil for anything else.
  func tuple(_ value: PickleValue) -> [PickleValue]? {
    if case .node(let index) = value, case .tuple(let items) = heap[index] { items } else { nil }
  }
}
