import Foundation
import Synchronization

/// An HTTP server on the loopback that serves one file, a connection at a time, and misbehaves as told.
final class FileServer: Sendable {
  struct Behaviour: Sendable {
    var knowsRanges = true
    /// Connections that are cut after this many bytes of the body, first connections first.
    var cuts: [Int] = []
    var status = 200
    /// Redirects to itself without end.
    var redirects = false
    /// Sends nothing after the head.
    var hangs = false
  }

  let port: UInt16
  private let listener: Int32
  private let content: [UInt8]
  private let behaviour: Behaviour
  private let seen = Mutex<[String]>([])

  /// The requests' Range headers so far, "" where there was none.
  var ranges: [String] { seen.withLock { $0 } }
  var url: String { "http://127.0.0.1:\(port)/file" }

  init(_ content: [UInt8], _ behaviour: Behaviour = Behaviour()) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, length)
        listen(listener, 8)
        getsockname(listener, pointer, &length)
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    self.listener = listener
    self.content = content
    self.behaviour = behaviour
    Thread.detachNewThread { [self] in serve() }
  }

  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve() {
    var connections = 0
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      answer(connection, number: connections)
      close(connection)
      connections += 1
    }
    close(listener)
  }

  private func answer(_ connection: Int32, number: Int) {
    var head = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !head.contains("\r\n\r\n") {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      head += String(decoding: buffer[..<count], as: UTF8.self)
    }
    let range = head.split(separator: "\r\n").first { $0.hasPrefix("Range: ") }.map { String($0.dropFirst(7)) } ?? ""
    seen.withLock { $0.append(range) }
    if behaviour.redirects {
      return send(empty("302 Found\r\nLocation: /again\(number)"), to: connection)
    }
    guard behaviour.status == 200 else {
      return send(Array("HTTP/1.1 \(behaviour.status) No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno".utf8), to: connection)
    }
    var (start, status) = (0, "200 OK")
    if behaviour.knowsRanges, let first = range.split(separator: "=").last?.split(separator: "-").first.flatMap({ Int($0) }) {
      guard first < content.count else { return send(empty("416 No"), to: connection) }
      (start, status) = (first, "206 Partial Content\r\nContent-Range: bytes \(first)-\(content.count - 1)/\(content.count)")
    }
    let body = content[start...]
    send(Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n".utf8), to: connection)
    if behaviour.hangs {
      _ = recv(connection, &buffer, buffer.count, 0)
      return
    }
    let cut = behaviour.cuts.indices.contains(number) ? behaviour.cuts[number] : body.count
    send(Array(body.prefix(cut)), to: connection)
  }

  /// An answer without a body.
  private func empty(_ status: String) -> [UInt8] {
    Array("HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
  }

  private func send(_ bytes: [UInt8], to connection: Int32) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}
