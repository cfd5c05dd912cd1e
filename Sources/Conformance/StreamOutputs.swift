import Basics

/// What the cases of random streams share: outputs are named by what was drawn.
enum StreamOutputs {
  /// The outputs a case declares, made one by one from name and shape; those for which there is nothing are left out.
  static func of(_ golden: GoldenCase, make: (String, [Int]) throws -> HostTensor?) throws -> [String: HostTensor] {
    var outputs: [String: HostTensor] = [:]
    for output in golden.outputs { outputs[output.name] = try make(output.name, output.shape) }
    return outputs
  }
}

extension String {
  /// The number of draws a name ends with after `prefix`; nil when the name is another one.
  func count(after prefix: String) -> Int? {
    hasPrefix(prefix) ? Int(dropFirst(prefix.count)).flatMap { JSONValue($0).drawCount } : nil
  }
}

extension JSONValue {
  /// How many numbers to draw: not negative, and few enough to keep.
  var drawCount: Int? { integer.flatMap { (0...1 << 26).contains($0) ? $0 : nil } }

  /// A whole number of 64 bits.
  var wide: Int64? {
    switch self {
    case .integer(let number): number
    case .number(let number): Int64(exactly: number)
    default: nil
    }
  }
}

extension FieldReader {
  /// The items of a list, each of the type that `read` asks for.
  func items<Item>(_ name: String, _ read: (JSONValue) -> Item?) throws -> [Item] {
    guard let list = value(name)?.list else { throw PlumbError("not a list", kind: .input, at: "config.\(name)") }
    return try list.enumerated().map { position, item in
      guard let item = read(item) else { throw PlumbError("an item is of another type", kind: .input, at: "config.\(name)[\(position)]") }
      return item
    }
  }

  /// `seeds`: whole numbers of 64 bits.
  func seeds() throws -> [UInt64] { try items("seeds") { $0.wide.map { UInt64(bitPattern: $0) } } }

  func seed(_ name: String) throws -> UInt64 {
    guard let seed = value(name)?.wide else { throw PlumbError("not a seed", kind: .input, at: "config.\(name)") }
    return UInt64(bitPattern: seed)
  }

  /// Shapes, a number standing for a vector; with the text the reference names them by ("2x3x8x8").
  func shapes(_ name: String) throws -> [(text: String, shape: [Int])] {
    try items(name) { item in
      let shape = item.integer.map { [$0] } ?? item.list?.compactMap(\.integer)
      guard let shape, let count = try? HostTensor.elementCount(shape), JSONValue(count).drawCount != nil else { return nil }
      return (shape.map(String.init).joined(separator: "x"), shape)
    }
  }
}
