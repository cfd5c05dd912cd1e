public import Basics

/// The part of a source whose names share a prefix; the prefix is left out of the names.
public struct TensorsUnderPrefix: TensorSource {
  public let entries: [TensorEntry]
  public let attributes: JSONValue
  private let source: any TensorSource
  private let prefix: String

  init(source: any TensorSource, prefix: String) {
    self.source = source
    self.prefix = prefix
    var found: JSONValue? = source.attributes
    for part in prefix.split(whereSeparator: { $0 == "/" || $0 == "." }) { found = found?[String(part)] }
    attributes = found?.object == nil ? .object([:]) : found ?? .object([:])
    entries = source.entries.compactMap { entry in
      guard entry.name.hasPrefix(prefix) else { return nil }
      return TensorEntry(name: String(entry.name.dropFirst(prefix.count)), dtype: entry.dtype, shape: entry.shape)
    }
  }

  public func read(_ name: String) throws -> HostTensor {
    try source.read(prefix + name)
  }
}

/// Tensors of a source under other names, and in other shapes of as many elements; those that are not named are left out.
///
///     let view = try RenamedTensors(source, [(name: "conv.weight", of: "ema/module.conv.weight", shape: nil)])
public struct RenamedTensors: TensorSource {
  public let entries: [TensorEntry]
  public var attributes: JSONValue { source.attributes }
  private let source: any TensorSource
  private let origins: [String: (name: String, shape: [Int])]

  /// `names` gives for each tensor its name in the view and its name in `source`, and a shape (row-major, as many elements)
  /// where it is another than the file's. Throws when the source lacks a tensor, a shape does not fit or a name occurs twice.
  public init(_ source: any TensorSource, _ names: [(name: String, of: String, shape: [Int]?)]) throws {
    let known = Dictionary(source.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var origins: [String: (name: String, shape: [Int])] = [:]
    entries = try names.map { name, origin, shape in
      guard let entry = known[origin] else { throw PlumbError("there is no tensor of this name", at: origin) }
      let shape = shape ?? entry.shape
      guard origins.updateValue((origin, shape), forKey: name) == nil else {
        throw PlumbError("two tensors are given one name", at: name)
      }
      guard try HostTensor.elementCount(shape) == HostTensor.elementCount(entry.shape) else {
        throw PlumbError("a tensor does not have as many elements as asked for", at: origin, expected: "\(shape)", found: "\(entry.shape)")
      }
      return TensorEntry(name: name, dtype: entry.dtype, shape: shape)
    }
    self.source = source
    self.origins = origins
  }

  public func read(_ name: String) throws -> HostTensor {
    guard let origin = origins[name] else { throw PlumbError("there is no tensor of this name", at: name) }
    let tensor = try source.read(origin.name)
    return tensor.shape == origin.shape ? tensor : try HostTensor(dtype: tensor.dtype, shape: origin.shape, bytes: tensor.bytes)
  }
}
