/// A value on the stack of the pickle interpreter. Containers are nodes in a heap, named by index: sharing and cycles
/// cost nothing and nothing is freed recursively, however deep a hostile file nests.
enum PickleValue: Sendable, Hashable {
  case none
  case bool(Bool)
  case integer(Int)
  /// A LONG wider than 64 bits: its little-endian two's complement.
  case wideInteger([UInt8])
  case number(Double)
  case text(String)
  case bytes([UInt8])
  /// A longer byte string, left where it is: its place in what the pickle is read from.
  case span(Range<Int>)
  /// A name that was only mentioned. Calling it is another matter.
  indirect case global(PickleGlobal)
  /// Something honest that holds no tensors: a `torch.device`.
  case opaque
  /// Index into the storages met so far.
  case storage(Int)
  /// Index into the tensors met so far.
  case tensor(Int)
  /// Index into the heap.
  case node(Int)
}

/// A module and a name in it, as GLOBAL and STACK_GLOBAL give them.
struct PickleGlobal: Sendable, Hashable, CustomStringConvertible {
  let module: String
  let name: String

  var description: String { "\(module).\(name)" }
}

/// A container: lists and dicts are filled after they were made.
enum PickleNode: Sendable {
  case tuple([PickleValue])
  case list([PickleValue])
  case dictionary([(key: PickleValue, value: PickleValue)])
  /// An object of an allowed class; its attributes are looked at for tensors.
  case object([(key: PickleValue, value: PickleValue)])
  /// A torch module, and the dict of its state once it is known: see `PickleWalk+Modules.swift`.
  indirect case module(className: String, state: PickleValue)
  /// A numpy dtype: its code such as `f8` and its byte order.
  indirect case numpyType(code: String, order: String)
  /// An object of a class that is known to be harmless and that nobody looks into.
  case record
}
