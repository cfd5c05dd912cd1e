import Foundation
package import Synchronization

/// What a program says: the one door to standard output, where what was asked goes, and to standard error, where messages for
/// people go. A reader that goes away, a full disk or a terminal that hangs up never ends the program: the first failure is
/// kept, what follows is dropped, and who prints only to print asks `failure` at its end.
package final class Output: Sendable {
  /// What was asked for.
  package static let standard = Output(STDOUT_FILENO, "standard output")
  /// Messages for people.
  package static let messages = Output(STDERR_FILENO, "standard error")

  private let descriptor: Int32
  private let name: String
  /// `errno` of the first write that failed; 0 before.
  private let code = Mutex<Int32>(0)

  package init(_ descriptor: Int32, _ name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// To be called before anything is opened: a broken pipe becomes an error of write, and a standard descriptor that is closed
  /// is filled with one that cannot be written, so that no file of the store ever gets its number.
  package static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number, which is this one. Opened the wrong way round: a use fails as it does on a closed one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Asked while a reader takes nothing: true gives it up. Set once, by who hears of interruptions.
  package static let givesUp = Mutex<@Sendable () -> Bool>({ false })

  /// Whether people look at it.
  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Why not everything could be written; nil when it was. The reader's going away is `isAbandoned`.
  package var failure: PlumbError? {
    let code = code.withLock { $0 }
    return code == 0 ? nil : PlumbError("not everything could be printed: \(String(cString: strerror(code)))", at: name)
  }

  /// The reader went away before everything was written, as `head` does: it has all it wanted.
  package var isAbandoned: Bool { code.withLock { $0 == EPIPE } }

  /// Writes text and ends the line.
  package func print(_ text: String) { write(text + "\n") }

  /// Writes text as it is.
  package func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes bytes, whole before anybody else's. Once one write has failed, nothing more is written.
  package func write(_ bytes: [UInt8]) {
    code.withLock { code in
      guard code == 0 else { return }
      code = bytes.withUnsafeBytes { Self.send($0, to: descriptor) }
    }
  }

  /// What a pipe that has room takes without waiting.
  private static let pieceSize = 4096

  /// Returns 0, or `errno`.
  private static func send(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes
    while !rest.isEmpty {
      // Waits here and not in write, so that a reader that takes nothing holds up nobody who was told to stop.
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      let ready = poll(&request, 1, 200)
      if ready < 0, errno != EINTR, errno != EAGAIN { return errno }
      if ready <= 0 {
        if givesUp.withLock({ $0 })() { return EINTR }
        continue
      }
      let count = Foundation.write(descriptor, rest.baseAddress, min(rest.count, pieceSize))
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return errno
      }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    return 0
  }
}

extension Output {
  /// Writes a value as one line of JSON, or indented over several.
  package func print(_ value: JSONValue, pretty: Bool = true) {
    write(value.encoded(pretty: pretty) + (pretty ? [] : [UInt8(ascii: "\n")]))
  }
}
