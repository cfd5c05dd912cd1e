import Basics
import Checkpoints
import Foundation

/// The files a campaign starts from.
public struct FuzzCorpus: Sendable {
  /// The generated ones first.
  public let files: [[UInt8]]
  let generatedCount: Int

  /// Larger files are mostly tensor bytes, which no reader looks into.
  static let sizeLimit = 1 << 17

  /// Small files made here, and every file below `folders` that is small enough, in the order of their paths.
  public init(folders: [String]) throws {
    var files = try Self.generated()
    generatedCount = files.count
    for folder in folders {
      guard let names = FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) else {
        throw PlumbError("no such folder", kind: .input, at: folder)
      }
      for name in names.sorted() where !name.hasSuffix(".json") && !name.hasSuffix(".md") {
        guard let bytes = try? AtomicFile.read("\(folder)/\(name)", limit: Self.sizeLimit) else { continue }
        files.append(bytes)
      }
    }
    self.files = files
  }

  /// One small file of every format, so that a changed byte is likely one that matters.
  package static func generated() throws -> [[UInt8]] {
    let tensor = try HostTensor(floats: [1, 2, 3, 4, 5, 6], shape: [2, 3])
    let array = Npy.encode(tensor)
    return [
      try Safetensors.encode([("a.weight", tensor), ("b", HostTensor(integers: [7], shape: []))], metadata: ["format": "pt"]), array,
      ZipParts([("a.npy", array), ("labels.npy", Npy.encode(try HostTensor(integers: [1, 2], shape: [2])))]).encoded,
      ZipParts([("m/data.pkl", statePickle), ("m/byteorder", Array("little".utf8)), ("m/data/0", tensor.bytes)]).encoded,
      modulePickle(storage: tensor.bytes),
    ]
  }

  /// `{"a": tensor, "epoch": 3}` as torch writes it.
  private static let statePickle: [UInt8] =
    [0x80, 2, 0x7D, 0x71, 0, 0x28] + text("a") + global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28] + text("storage")
    + global("torch", "FloatStorage") + text("0") + text("cpu") + [0x4B, 6, 0x74, 0x51, 0x4B, 0, 0x4B, 2, 0x4B, 3, 0x86, 0x4B, 3, 0x4B, 1]
    + [0x86, 0x89] + global("collections", "OrderedDict") + [0x29, 0x52, 0x74, 0x52] + text("epoch") + [0x4B, 3, 0x75, 0x2E]

  /// `{"ema": module}` as EDM writes it: one parameter with its storage inside, one numpy number.
  private static func modulePickle(storage: [UInt8]) -> [UInt8] {
    let header: [UInt8] = [
      0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E, 0x80, 2, 0x4D, 0xE9, 3, 0x2E,
    ]
    let system: [UInt8] = [0x80, 2, 0x7D] + text("little_endian") + [0x88, 0x73, 0x2E]
    let object: [UInt8] = [0x80, 2, 0x28] + text("storage") + global("torch", "FloatStorage") + text("1") + text("cpu")
    let keys: [UInt8] = [0x4B, 6, 0x4E, 0x74, 0x51, 0x2E, 0x80, 2, 0x5D] + text("1") + [0x61, 0x2E, 6, 0, 0, 0, 0, 0, 0, 0]
    let stream = header + system + object + keys + storage
    let count = (0..<4).map { UInt8(truncatingIfNeeded: stream.count >> (8 * $0)) }
    let parameter: [UInt8] =
      global("torch._utils", "_rebuild_tensor_v2") + [0x28] + global("torch.storage", "_load_from_bytes") + [0x42] + count + stream
      + [0x85, 0x52, 0x4B, 0, 0x4B, 2, 0x4B, 3, 0x86, 0x4B, 3, 0x4B, 1, 0x86, 0x89, 0x7D, 0x74, 0x52]
    let number: [UInt8] =
      global("numpy.core.multiarray", "scalar") + global("numpy", "dtype") + text("f8") + [0x89, 0x88, 0x87, 0x52, 0x28, 0x4B, 3]
      + text("<")
      + [0x4E, 0x74, 0x62, 0x43, 8, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x86, 0x52]
    let modules: [UInt8] =
      [0x7D] + text("enc") + global("torch.nn.modules.container", "ModuleDict") + [0x29, 0x81, 0x7D] + text("_parameters") + [0x7D]
      + text("w") + parameter + [0x73, 0x73, 0x62, 0x73]
    let state: [UInt8] =
      [0x7D, 0x28] + text("_modules") + modules + text("scale") + number + text("_init_kwargs") + [0x7D] + text("dim") + [
        0x4B, 8, 0x73, 0x75,
      ]
    return [0x80, 4, 0x7D] + text("ema") + global("torch_utils.persistence", "_reconstruct_persistent_obj") + [0x7D, 0x28] + text("type")
      + text("class") + text("class_name") + text("Net") + text("state") + state + [0x75, 0x85, 0x52, 0x73, 0x2E]
  }

  private static func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }

  private static func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + Array("\(module)\n\(name)\n".utf8) }
}
