import Foundation

extension SourceText {
  /// Reads a file, or what a pipe delivers.
  /// - Parameters:
  ///   - path: where it is, absolute; relative paths in it are relative to its folder.
  ///   - name: how messages name it.
  ///   - limit: bytes that are taken; nothing beyond them is read.
  /// - Throws: `Unreadable` with the message.
  static func read(path: String, name: String, limit: Int = TreeReader.Limits().bytes) throws(Unreadable) -> SourceText {
    let directory = PathText.directory(of: path)
    let nothing = SourceText(name: name, directory: directory, path: path, bytes: [])
    guard let file = FileHandle(forReadingAtPath: path) else {
      let isThere = FileManager.default.fileExists(atPath: path)
      throw Unreadable(Diagnostic(.unreadableFile, isThere ? "the file cannot be read" : "there is no such file", at: nothing.wholeRange))
    }
    defer { try? file.close() }
    let data: Data
    do {
      data = try file.read(upToCount: limit + 1) ?? Data()
    } catch {
      throw Unreadable(Diagnostic(.unreadableFile, "the file cannot be read", at: nothing.wholeRange))
    }
    guard data.count <= limit else {
      throw Unreadable(
        Diagnostic(.limit, "the file has more than \(limit >> 20) MiB, the most that is read", at: nothing.wholeRange))
    }
    return SourceText(name: name, directory: directory, path: path, bytes: Array(data))
  }

  /// Why a file gives no text.
  struct Unreadable: Error {
    let diagnostic: Diagnostic
    init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
  }
}
