import Basics
import Foundation
import SystemPackage

/// What a program says: a pipe that is drained as fast as it fills, of which the end is kept. For one thread.
final class OutputPipe {
  private(set) var said: [UInt8] = []
  private(set) var writer: Int32
  private let reader: Int32
  private let keeps: Int
  private var isAtEnd = false

  init(keeps: Int) throws {
    do {
      let pipe = try FileDescriptor.pipe(options: .closeOnExec)
      (reader, writer) = (pipe.readEnd.rawValue, pipe.writeEnd.rawValue)
    } catch {
      throw PlumbError("no pipe for a program: \(error)")
    }
    self.keeps = keeps
    // The reader only: the other end is the program's, which may not expect that.
    _ = fcntl(reader, F_SETFL, O_NONBLOCK)
  }

  deinit {
    closeWriter()
    close(reader)
  }

  /// The program has it now.
  func closeWriter() {
    if writer >= 0 { close(writer) }
    writer = -1
  }

  /// Takes what is there. No more than some pipes' worth at once, so that a program that never stops talking can be stopped.
  func drain() {
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    for _ in 0..<16 where !isAtEnd {
      let count = read(reader, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      isAtEnd = count == 0
      guard count > 0 else { return }
      said += piece[..<count]
      if said.count > 2 * keeps { said.removeFirst(said.count - keeps) }
    }
    if said.count > keeps { said.removeFirst(said.count - keeps) }
  }

  /// Waits until something is said or `descriptor` (-1: none) is readable, not longer than so many milliseconds; then drains.
  func drain(orUntil descriptor: Int32, milliseconds: Int32) {
    var requests = [
      pollfd(fd: isAtEnd ? -1 : reader, events: Int16(POLLIN), revents: 0), pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    // Without a descriptor for the end of the process it must be asked after often.
    poll(&requests, 2, descriptor < 0 ? min(milliseconds, 5) : milliseconds)
    drain()
  }
}
