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
  /// A name that was only mentioned. Calling it is another matter.
  case global(PickleGlobal)
  /// Something honest that holds no tensors: a `torch.device`, an object's attributes.
  case opaque
  case storage(StorageReference)
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
}
