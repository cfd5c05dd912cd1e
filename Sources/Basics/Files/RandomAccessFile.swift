package import Synchronization

/// A regular file opened for reading at given places. Every read is checked against the size the file had when it was
/// opened before memory is taken, so a lying length cannot cost more than the file's own size.
///
/// Reads are `pread`, not a mapping. A mapping would save nothing: a tensor is copied once either way, from the page cache
/// into the array that becomes the tensor. And it would cost the process its life where `pread` returns an error: a page of
/// a mapped file that another process has cut off, or that a failing disk does not deliver, is a signal (SIGBUS).
package final class RandomAccessFile: RandomAccessBytes {
  package let path: String
  /// Bytes, as of opening.
  package let size: Int
  /// What stat(2) told when it was opened.
  package let stamp: FileStamp
  /// Bytes read so far.
  package let bytesRead = Atomic(0)
  private let descriptor: Int32
  private let calls: any FileCalls

  /// Throws when the file cannot be opened or is a directory, a pipe or a device.
  package init(path: String) throws {
    let calls = Files.calls
    let descriptor = try calls.open(path).orFail("cannot open the file", path)
    guard case .success(let status) = calls.status(of: descriptor), status.isFile else {
      calls.close(descriptor)
      throw PlumbError("not a regular file", at: path)
    }
    (self.path, self.calls, self.descriptor) = (path, calls, descriptor)
    (size, stamp) = (status.length, status.stamp)
  }

  deinit { calls.close(descriptor) }

  /// What stat(2) tells of the open file now, wherever its name leads by then.
  package func currentStamp() throws -> FileStamp {
    try calls.status(of: descriptor).orFail("cannot look at the file", path).stamp
  }

  package func read(at offset: Int, count: Int) throws -> [UInt8] {
    guard contains(offset: offset, count: count) else {
      throw PlumbError(
        "the file is cut off", at: "\(path), byte \(offset)", expected: "\(count) more bytes", found: "a file of \(size) bytes")
    }
    let bytes = try calls.read(descriptor, at: offset, count: count, path) {
      PlumbError("the file became shorter while it was read", at: self.path, expected: "\(self.size) bytes", found: "\($0)")
    }
    bytesRead.add(count, ordering: .relaxed)
    return bytes
  }
}
