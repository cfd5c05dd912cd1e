import Basics
import Foundation

/// The end of what a program says: a pipe that is drained as fast as it fills, of which little is kept.
struct OutputTail {
  private let pipe: FileHandle
  private var bytes: [UInt8] = []

  private static let limit = 16 << 10
  private static let lineLimit = (count: 20, scalars: 400)

  init(_ pipe: FileHandle) {
    self.pipe = pipe
    let descriptor = pipe.fileDescriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  /// Takes what is there; waits up to so many seconds for something to come.
  mutating func drain(waiting seconds: Double) {
    var request = pollfd(fd: pipe.fileDescriptor, events: Int16(POLLIN), revents: 0)
    poll(&request, 1, Int32(seconds * 1000))
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    // No more than a pipe's worth at once, so that a program that never stops talking can still be stopped.
    for _ in 0..<16 {
      let count = read(pipe.fileDescriptor, &piece, piece.count)
      // A program that closed its output but goes on would have us spin.
      if count == 0 { usleep(UInt32(seconds * 1_000_000)) }
      guard count > 0 else { return }
      bytes += piece[..<count]
      if bytes.count > Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }
  }

  /// The last lines, fit for a terminal.
  var lines: [String] {
    String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(Self.lineLimit.count).map {
      String($0).printable(limit: Self.lineLimit.scalars)
    }
  }
}
