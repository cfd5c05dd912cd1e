public import Basics

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

/// A named set of tensors in a file. Opening one reads and checks its directory only. A tensor's bytes, and no others, are
/// read when it is asked for, straight into the array it then owns: a dense tensor of a stored file is in memory once, one
/// that is strided, big-endian or deflated at most twice while it is read. A checkpoint may be larger than memory.
///
/// It is not a mapping of the file; `RandomAccessFile` says why.
public protocol TensorSource: Sendable {
  /// The tensors in the order of the file.
  var entries: [TensorEntry] { get }

  /// The plain values beside the tensors (an epoch, hyper-parameters, what a module was constructed with), nested by name as
  /// in the file: an object of JSON values. Infinities and NaN are the texts `inf`, `-inf`, `nan`.
  ///
  /// A module pickled whole is an object of its plain attributes, the modules in it under their names, `class_name`, and
  /// `init_args` and `init_kwargs` where the file tells them:
  ///
  ///     {"ema": {"class_name": "EDMPrecond", "init_kwargs": {…}, "sigma_min": 0, "model": {"class_name": "SongUNet", …}}}
  var attributes: JSONValue { get }

  /// Reads one tensor, dense and row-major. Throws when there is none of this name or its bytes are damaged.
  func read(_ name: String) throws -> HostTensor
}

extension TensorSource {
  /// None.
  public var attributes: JSONValue { .object([:]) }

  /// The attribute at a path of names joined by "/" (`hyper_parameters/f`); positions count in lists. Nil when there is none.
  public func attribute(_ path: String) -> JSONValue? {
    path.split(separator: "/").reduce(attributes) { value, part in
      if case .list(let items)? = value { Int(part).flatMap { items.indices.contains($0) ? items[$0] : nil } } else { value?[String(part)] }
    }
  }

  /// The entry called `name`; nil when there is none. Complexity: O(entries).
  public func entry(_ name: String) -> TensorEntry? {
    entries.first { $0.name == name }
  }

  /// The tensors whose names start with `prefix`, under their names without it: one state dict out of a checkpoint that
  /// holds several (`source.under("ema/")`).
  ///
  /// Its attributes are those of the dict or module the prefix names.
  public func under(_ prefix: String) -> TensorsUnderPrefix {
    TensorsUnderPrefix(source: self, prefix: prefix)
  }
}

/// The error of a reader that was asked for a tensor it does not have.
func unknownTensor(_ name: String, in path: String) -> PlumbError {
  PlumbError("the file has no tensor called \"\(name)\"", at: path)
}
