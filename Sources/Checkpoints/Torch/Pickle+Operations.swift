import Basics

extension Pickle {
  /// One opcode with its argument.
  mutating func perform(_ operation: PickleOperation) throws {
    switch operation {
    case .stop: break
    case .protocolVersion:
      let version = try reader.byte()
      guard (2...5).contains(version) else {
        throw PlumbError("unsupported pickle protocol", expected: "2 to 5", found: "\(version)")
      }
    case .frame: try reader.require(reader.length(UInt64.self))
    case .mark: marks.append(stack.count)
    case .pop: _ = try pop()
    case .popMark: _ = try popMark()
    case .duplicate:
      let top = try pop()
      stack += [top, top]
    case .none: stack.append(.none)
    case .pushTrue: stack.append(.bool(true))
    case .pushFalse: stack.append(.bool(false))
    case .integer32: stack.append(.integer(Int(try reader.integer(Int32.self))))
    case .integer16: stack.append(.integer(Int(try reader.integer(UInt16.self))))
    case .integer8: stack.append(.integer(Int(try reader.byte())))
    case .long1: try pushLong(Int(reader.byte()))
    case .long4: try pushLong(Int(reader.integer(Int32.self)))
    case .number:
      let bits = try reader.integer(UInt64.self)
      stack.append(.number(Double(bitPattern: bits.byteSwapped)))
    case .text8, .string8: try pushText(Int(reader.byte()))
    case .text32: try pushText(reader.length(UInt32.self))
    case .text64: try pushText(reader.length(UInt64.self))
    case .string32: try pushText(Int(reader.integer(Int32.self)))
    case .bytes8: try pushBytes(Int(reader.byte()))
    case .bytes32: try pushBytes(reader.length(UInt32.self))
    case .bytes64: try pushBytes(reader.length(UInt64.self))
    case .emptyTuple: stack.append(make(.tuple([])))
    case .tuple:
      let items = try popMark()
      stack.append(make(.tuple(items)))
    case .tuple1: try pushTuple(1)
    case .tuple2: try pushTuple(2)
    case .tuple3: try pushTuple(3)
    case .emptyList, .emptySet: stack.append(make(.list([])))
    case .append: try extend(by: [pop()])
    case .appends, .addItems: try extend(by: popMark())
    case .emptyDictionary: stack.append(make(.dictionary([])))
    case .setItem:
      let value = try pop()
      try set([pop(), value])
    case .setItems: try set(popMark())
    case .global:
      let global = PickleGlobal(module: try reader.line(limit: 256), name: try reader.line(limit: 256))
      try spend(global.module.utf8.count + global.name.utf8.count)
      stack.append(.global(global))
    case .stackGlobal:
      guard case (.text(let name), .text(let module)) = (try pop(), try pop()) else {
        throw PlumbError("a pickle's global is not named by two strings")
      }
      stack.append(.global(PickleGlobal(module: module, name: name)))
    case .reduce:
      let arguments = try pop()
      let function = try pop()
      stack.append(try call(function, arguments))
    case .newObject:
      let arguments = try pop()
      let type = try pop()
      stack.append(try construct(type, arguments))
    case .build:
      let state = try pop()
      try build(state)
    case .persistentID:
      guard let items = tuple(try pop()) else { throw PlumbError("a persistent id is not a storage reference", expected: "a tuple") }
      let view = items.count == 6 ? tuple(items[5]) : nil
      guard items.count < 6 || view != nil || items[5] == .none else { throw PlumbError("the view of a storage is not a tuple") }
      stack.append(keep(try StorageReference(persistentID: Array(items.prefix(5)), view: view)))
    case .get8: try recall(Int(reader.byte()))
    case .get32: try recall(reader.length(UInt32.self))
    case .put8: try remember(Int(reader.byte()))
    case .put32: try remember(reader.length(UInt32.self))
    case .memoize: try remember(memo.count)
    }
  }

  /// A LONG: `count` bytes, little-endian two's complement.
  private mutating func pushLong(_ count: Int) throws {
    guard count >= 0 else { throw PlumbError("negative length of a pickle's integer", found: "\(count)") }
    try spend(count)
    let bytes = Array(try reader.take(count))
    guard count <= 8 else { return stack.append(.wideInteger(bytes)) }
    var bits: UInt64 = (bytes.last ?? 0) & 0x80 == 0 ? 0 : .max
    for byte in bytes.reversed() { bits = bits << 8 | UInt64(byte) }
    stack.append(.integer(Int(Int64(bitPattern: bits))))
  }

  private mutating func pushText(_ count: Int) throws {
    try spend(count)
    stack.append(.text(try reader.text(count)))
  }

  /// Takes `count` bytes off what may be copied of the pickle; throws when that is used up.
  private mutating func spend(_ count: Int) throws {
    guard count <= copyBudget else {
      throw PlumbError("the texts of the pickle are too long", expected: "at most \(Self.sizeLimit) bytes", found: "\(count) more")
    }
    copyBudget -= count
  }

  private mutating func pushBytes(_ count: Int) throws {
    try reader.require(count)
    guard count > Self.copyLimit else { return stack.append(.bytes(Array(try reader.take(count)))) }
    stack.append(.span(reader.offset..<reader.offset + count))
    try reader.skip(count)
  }
}
