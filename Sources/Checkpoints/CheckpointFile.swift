package import Basics

/// The one door to a file of tensors, whatever its format.
///
///     let source = try CheckpointFile.open("weights/ema_0.9999.pt")
///     let bias = try source.read("time_embed.0.bias")
///
/// The format is recognised by the file's content: extensions lie. Nothing in a file is executed.
public enum CheckpointFile {
  /// Opens a torch zip, a legacy torch stream, a pickle of EDM, a safetensors, an npz or an npy file and checks its
  /// directory. Throws `PlumbError` with the path when it is none of these or is damaged.
  public static func open(_ path: String) throws -> any TensorSource { try open(RandomAccessFile(path: path)) }

  /// The same from bytes that are open already.
  package static func open(_ file: any RandomAccessBytes) throws -> any TensorSource {
    let start = try file.read(at: 0, count: min(file.size, 64))
    do {
      if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
        let archive = try ZipArchive(file: file)
        if archive.entries.contains(where: { $0.name.hasSuffix("/data.pkl") }) { return try TorchZipFile(archive: archive) }
        return try NpzFile(archive: archive)
      }
      if start.starts(with: Npy.magic) { return try NpyFile(file: file) }
      if SafetensorsFile.recognises(start, size: file.size) { return try SafetensorsFile(file: file) }
      if TorchLegacyFile.recognises(start) { return try TorchLegacyFile(file: file) }
      if PickleFile.recognises(start) { return try PickleFile(file: file) }
    } catch let error as PlumbError {
      throw error.inFile(file.path)
    }
    throw PlumbError(
      "not a checkpoint", at: file.path, expected: "a torch zip, a torch stream, a pickle, safetensors, npz or npy",
      found: describe(start, size: file.size))
  }

  /// Names what people hand over by mistake.
  private static func describe(_ start: [UInt8], size: Int) -> String {
    let text = String(decoding: start, as: UTF8.self)
    if size == 0 { return "an empty file" }
    if text.hasPrefix("version https://git-lfs") { return "a Git LFS pointer (the file itself was not downloaded)" }
    if text.hasPrefix("<") { return "a page of HTML or XML (a failed download?)" }
    if start.starts(with: [0x1F, 0x8B]) { return "a gzip file (unpack it first)" }
    return "a file of \(size) bytes that starts with \(start.prefix(8).map { "0x" + String($0, radix: 16) }.joined(separator: " "))"
  }
}

extension PlumbError {
  /// The same error with the file's path in front, unless the place names it already. Words of the file in it are made fit
  /// to be printed: it may be long, or mean to steer a terminal.
  func inFile(_ path: String) -> PlumbError {
    var copy = self
    copy.message = message.printable(limit: Self.wordLimit)
    copy.expected = expected?.printable(limit: Self.wordLimit)
    copy.found = found?.printable(limit: Self.wordLimit)
    guard let place, place.hasPrefix(path) else {
      copy.place = place?.printable(limit: Self.wordLimit)
      return copy.at(path)
    }
    copy.place = path + String(place.dropFirst(path.count)).printable(limit: Self.wordLimit)
    return copy
  }

  private static let wordLimit = 500
}
