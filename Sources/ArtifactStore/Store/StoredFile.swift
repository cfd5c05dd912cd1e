import Basics

/// A file of the store opened for reading at given places.
final class StoredFile: RandomAccessBytes {
  let path: String
  let size: Int
  private let calls: any FileCalls
  private let descriptor: Int32

  /// Throws an error of kind `damagedObject` when it has not that many bytes.
  init(_ path: String, length: Int, calls: any FileCalls) throws {
    let descriptor = try calls.open(path).orThrow("cannot open an object", path)
    guard case .success(let status) = calls.status(of: descriptor), status.isFile, status.length == length else {
      calls.close(descriptor)
      throw PlumbError("an object of the store changed while it was opened", kind: .damagedObject, at: path, expected: "\(length) bytes")
    }
    (self.path, size, self.calls, self.descriptor) = (path, length, calls, descriptor)
  }

  deinit { calls.close(descriptor) }

  func read(at offset: Int, count: Int) throws -> [UInt8] {
    try calls.read(descriptor, at: offset, count: count, path, action: "cannot read an object", words: \.storeWords) {
      PlumbError(
        "an object of the store became shorter while it was read", kind: .damagedObject, at: self.path, expected: "\(self.size) bytes",
        found: "\($0)"
      )
    }
  }
}
