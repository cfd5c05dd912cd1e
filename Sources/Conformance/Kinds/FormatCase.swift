import Basics
import Checkpoints

/// The zoo of family `formats`: files that must be read, every tensor bit for bit, and the plain values beside them.
enum FormatCase: CaseKind {
  static let name = "formats"
  static let families: Set<String> = ["formats"]
  static let parts: Set<String> = ["files"]

  private static let kinds: Set<String> = [
    "torch_zip_dtypes", "torch_zip_shared_storage", "torch_zip_strides", "torch_zip_parameters", "torch_zip_nested",
    "torch_zip_protocols", "torch_zip_layout", "torch_legacy_stream", "safetensors", "npz",
  ]

  static func covers(_ kind: String) -> Bool { kinds.contains(kind) }

  /// Not what these cases are judged by: see `comparisons`.
  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] { [:] }

  static func comparisons(_ golden: GoldenCase) throws -> [OutputComparison] {
    let expected = try SafetensorsFile(path: golden.folder + "/tensors.safetensors")
    var comparisons: [OutputComparison] = []
    for file in try FormatFile.list(of: golden) {
      do {
        let source = try CheckpointFile.open(golden.folder + "/" + file.name)
        comparisons += file.tensors.map { tensor in
          OutputComparison(exactly: tensor.value) {
            try (read(tensor, from: source, as: expected.entry(tensor.value)), expected.read(tensor.value))
          }
        }
        comparisons += file.values.sorted { $0.key < $1.key }.map { path, value in
          let found = source.attribute(path)
          return OutputComparison(
            judged: "\(file.name)::\(path) (plain value)",
            failure: found == value ? nil : "expected \(text(value)), found \(found.map(text) ?? "nothing")")
        }
        if file.tensors.isEmpty {
          let failure = source.entries.isEmpty ? nil : "expected no tensor, found \(source.entries.count)"
          comparisons.append(OutputComparison(judged: "\(file.name)::", failure: failure))
        }
      } catch {
        comparisons.append(OutputComparison(judged: "\(file.name)::", failure: "\(error)"))
      }
    }
    let compared = Set(comparisons.map(\.name))
    return comparisons
      + golden.outputs.filter { !compared.contains($0.name) }.map { OutputComparison($0, failure: "this output is in none of the files") }
  }

  /// The tensor as the file has it, widened to the type it is expected in.
  private static func read(_ tensor: FormatFile.Tensor, from source: any TensorSource, as expected: TensorEntry?) throws -> HostTensor {
    guard let entry = source.entry(tensor.name) else { throw PlumbError("the file has no tensor of this name") }
    // numpy's codes are not ours.
    if let dtype = DType(rawValue: tensor.dtype), dtype != entry.dtype {
      throw PlumbError("another element type", expected: dtype.rawValue, found: entry.dtype.rawValue)
    }
    guard entry.shape == tensor.shape else { throw PlumbError("another shape", expected: "\(tensor.shape)", found: "\(entry.shape)") }
    let found = try source.read(tensor.name)
    switch expected?.dtype {
    case .float32? where found.dtype.isFloat && found.dtype != .float64: return try HostTensor(floats: found.floats(), shape: found.shape)
    case .int64? where !found.dtype.isFloat: return try HostTensor(integers: found.integers(), shape: found.shape)
    default: return found
    }
  }

  private static func text(_ value: JSONValue) -> String { String(decoding: value.encoded(), as: UTF8.self) }
}

/// One entry of the part `files`.
struct FormatFile {
  struct Tensor {
    let name: String
    let shape: [Int]
    let dtype: String
    /// Its name among the expected tensors.
    let value: String
  }

  let name: String
  let tensors: [Tensor]
  let values: [String: JSONValue]

  static func list(of golden: GoldenCase) throws -> [FormatFile] {
    guard let files = golden.parts["files"]?.list else { throw PlumbError("the case lists no files", kind: .input) }
    return try files.map { description in
      let fields = try FieldReader(description, place: "files")
      let name = try fields.text("file")
      let tensors = try (fields.value("tensors")?.list ?? []).map { description in
        let tensor = try FieldReader(description, place: "files.\(name).tensors")
        guard let path = tensor.value("path")?.list else { throw PlumbError("a tensor has no path", kind: .input, at: name) }
        return Tensor(
          name: path.map { $0.text ?? $0.integer.map(String.init) ?? "" }.joined(separator: "/"), shape: try tensor.integers("shape"),
          dtype: try tensor.text("dtype"), value: try tensor.text("value"))
      }
      guard try fields.text("expected") == "accepted" else {
        throw PlumbError("a file of the zoo is not to be accepted", kind: .input, at: name)
      }
      let values = fields.value("scalars")?.object ?? [:]
      // Said for people.
      fields.accept("format", "about", "opaque")
      try fields.finish()
      return FormatFile(name: name, tensors: tensors, values: values)
    }
  }
}
