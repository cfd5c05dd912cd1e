import Basics
import Foundation
import Testing

@Suite struct OutputTests {
  private func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    try #require(Foundation.pipe(&ends) == 0)
    return (ends[0], ends[1])
  }

  @Test(arguments: [false, true])
  func `everything arrives at a reader that is slow, on a descriptor that does not block either`(doesNotBlock: Bool) async throws {
    let (read, write) = try pipe()
    if doesNotBlock { _ = fcntl(write, F_SETFL, O_NONBLOCK) }
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let writer = Thread {
      Output(write, "pipe").write(bytes)
      close(write)
    }
    writer.start()
    var received: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 7_001)
    while case let count = Foundation.read(read, &piece, piece.count), count > 0 { received += piece[..<count] }
    close(read)
    #expect(received == bytes)
  }

  @Test func `the first failure is kept and nothing is written after it`() throws {
    let (read, write) = try pipe()
    close(read)
    signal(SIGPIPE, SIG_IGN)
    let output = Output(write, "pipe")
    #expect(output.failure == nil)
    output.print("lost")
    #expect(output.isAbandoned && output.failure?.place == "pipe")
    close(write)
    output.print("lost, too")
    #expect(output.isAbandoned, "the second failure replaced the first")
  }
}
