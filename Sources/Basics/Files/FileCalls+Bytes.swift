/// Whole reads and writes on calls that may do a part of what they are asked for.
extension FileCalls {
  /// `count` bytes of an open file from `offset` on; fewer when the file ends before and that is no error.
  /// - Parameters:
  ///   - action: what fails, for people: "cannot read the file".
  ///   - shorter: the error for a file that ends before, given how long it is; nil for none.
  package func read(
    _ file: Int32, at offset: Int, count: Int, _ path: String, action: String = "cannot read the file",
    words: (SystemCode) -> String = \.explanation, shorter: ((Int) -> PlumbError)?
  ) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
        let got = try read(file, at: offset + filled, into: rest).orFail(action, path, words: words)
        if got == 0 {
          guard let shorter else { return }
          throw shorter(offset + filled)
        }
        filled += got
      }
    }
  }

  /// Hands on an open file from its beginning in pieces of at most 1 MiB, whatever its length was said to be; its length.
  @discardableResult
  package func forEachPiece(
    of file: Int32, _ path: String, action: String = "cannot read the file", words: (SystemCode) -> String = \.explanation,
    _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Int {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    var length = 0
    while true {
      let count = try read(file, at: length, into: piece).orFail(action, path, words: words)
      if count == 0 { return length }
      try take(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      length += count
    }
  }

  /// Writes all bytes, at an offset or behind what was written before.
  /// - Parameter wrote: told of every part that was taken.
  package func writeAll(
    _ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int? = nil, _ path: String,
    words: (SystemCode) -> String = \.explanation, wrote: (Int) -> Void = { _ in }
  ) throws {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = try write(rest, to: file, at: offset.map { $0 + done }).orFail("cannot write the file", path, words: words)
      guard count > 0 else { throw PlumbError("cannot write the file: the system took no bytes", at: path) }
      done += count
      wrote(count)
    }
  }
}
