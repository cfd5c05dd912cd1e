import Basics

/// Objects that tell a reader something although their class is not known here.
extension Pickle {
  /// `_reconstruct_persistent_obj(meta)` of `torch_utils/persistence.py` (NVIDIA): class name, source text and state. The
  /// source is for rebuilding the class by running it, which nobody does here.
  mutating func module(_ arguments: [PickleValue], of global: PickleGlobal) throws -> PickleValue {
    guard arguments.count == 1, let meta = dictionary(arguments[0]) else { throw wrongArguments(global) }
    func field(_ name: String) -> PickleValue? { meta.last { $0.key == .text(name) }?.value }
    guard field("type") == .text("class"), case .text(let className)? = field("class_name"), let state = field("state"),
      dictionary(state) != nil
    else {
      throw PlumbError("a persistent object is not described as expected", expected: "type \"class\", a class_name and a state")
    }
    return make(.module(className: className, state: state))
  }

  /// `scalar(dtype, bytes)`: a number or truth value of numpy. Others (dates, texts) are kept as something opaque.
  func numpyScalar(_ arguments: [PickleValue], of global: PickleGlobal) throws -> PickleValue {
    guard arguments.count == 2, case .node(let index) = arguments[0], case .numpyType(let code, let order) = heap[index],
      case .bytes(let bytes) = arguments[1]
    else { throw wrongArguments(global) }
    guard let element = try? NpyElement(descr: order + code) else { return .opaque }
    guard bytes.count == element.size else {
      throw PlumbError("a numpy scalar has the wrong length", expected: "\(element.size) bytes of \(code)", found: "\(bytes.count)")
    }
    let value = try HostTensor(dtype: element.dtype, shape: [], bytes: element.convert(bytes))
    if element.dtype == .bool { return .bool(value.bytes != [0]) }
    return element.dtype.isFloat ? .number(value.doubles()[0]) : .integer(Int(try value.integers()[0]))
  }

  func wrongArguments(_ global: PickleGlobal) -> PlumbError {
    PlumbError("wrong arguments of \(global) in the pickle")
  }
}
