import Basics

/// What is known of a tensor before it is read: its name, element type and row-major shape.
public struct TensorEntry: Sendable, Hashable {
  public let name: String
  public let dtype: DType
  public let shape: [Int]

  public init(name: String, dtype: DType, shape: [Int]) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
  }

  /// Bytes of the dense tensor; throws when they do not fit an `Int`.
  public var byteCount: Int {
    get throws { try HostTensor.byteCount(dtype: dtype, shape: shape) }
  }
}

/// A named set of tensors in a file. Opening one reads and checks its directory only; a tensor's bytes are read, into a
/// fresh array, when it is asked for.
///
/// It is not a mapping of the file: mapped pages would count as memory of the process for as long as it lives.
public protocol TensorSource: Sendable {
  /// The tensors in the order of the file.
  var entries: [TensorEntry] { get }

  /// Reads one tensor, dense and row-major. Throws when there is none of this name or its bytes are damaged.
  func read(_ name: String) throws -> HostTensor
}

extension TensorSource {
  /// The entry called `name`; nil when there is none. Complexity: O(entries).
  public func entry(_ name: String) -> TensorEntry? {
    entries.first { $0.name == name }
  }

  /// The tensors whose names start with `prefix`, under their names without it: one state dict out of a checkpoint that
  /// holds several (`source.under("ema/")`).
  public func under(_ prefix: String) -> TensorsUnderPrefix {
    TensorsUnderPrefix(source: self, prefix: prefix)
  }
}

/// The part of a source whose names share a prefix; the prefix is left out of the names.
public struct TensorsUnderPrefix: TensorSource {
  public let entries: [TensorEntry]
  private let source: any TensorSource
  private let prefix: String

  init(source: any TensorSource, prefix: String) {
    self.source = source
    self.prefix = prefix
    entries = source.entries.compactMap { entry in
      guard entry.name.hasPrefix(prefix) else { return nil }
      return TensorEntry(name: String(entry.name.dropFirst(prefix.count)), dtype: entry.dtype, shape: entry.shape)
    }
  }

  public func read(_ name: String) throws -> HostTensor {
    try source.read(prefix + name)
  }
}

/// The error of a reader that was asked for a tensor it does not have.
func unknownTensor(_ name: String, in path: String) -> PlumbError {
  PlumbError("the file has no tensor called \"\(name)\"", at: path)
}
