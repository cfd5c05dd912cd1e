import Basics
import CLibCurl

/// One transfer into a partial file, from where that ends.
final class Transfer {
  enum Failure: Error {
    /// The connection failed or ended early.
    case broken(String)
    /// The server has nothing from there on.
    case unsatisfiableRange
  }

  private let part: PartialFile
  private let progress: (Download.Progress) -> Void
  private let isCancelled: () -> Bool
  private let offset: Int
  /// Bytes that stood in the file before this transfer; none once the server sent all of it.
  private var kept: Int
  private var hasBegun = false
  private var error: (any Error)?

  init(part: PartialFile, progress: @escaping (Download.Progress) -> Void, isCancelled: @escaping () -> Bool) {
    self.part = part
    self.progress = progress
    self.isCancelled = isCancelled
    offset = part.length
    kept = part.length
  }

  /// Throws `Failure` where another attempt may help, else `PlumbError`.
  func run(_ url: String, patience: Download.Patience) throws {
    var status = 0
    var message = [CChar](repeating: 0, count: Int(PLUMB_CURL_MESSAGE_SIZE))
    let outcome = withExtendedLifetime(self) {
      var transfer = plumb_curl_transfer(
        context: Unmanaged.passUnretained(self).toOpaque(),
        take: { context, status, bytes, count in
          guard let context else { return 1 }
          return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            .take(UnsafeBufferPointer(start: bytes, count: count), status: status) ? 0 : 1
        },
        progress: { context, received, total in
          guard let context else { return 1 }
          return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().report(Int(received), of: Int(total)) ? 0 : 1
        },
        connect_timeout: patience.connectTimeout, low_speed: patience.slowSpeed, low_speed_time: patience.slowTime)
      return plumb_curl_get(url, Int64(offset), &transfer, &status, &message)
    }
    if let error { throw error }
    let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    switch Int(outcome) {
    case PLUMB_CURL_DONE: return
    case PLUMB_CURL_STOPPED: throw PlumbError("interrupted", kind: .interrupted)
    case PLUMB_CURL_REFUSED where status == 416 && offset > 0: throw Failure.unsatisfiableRange
    case PLUMB_CURL_REFUSED: throw PlumbError("the file cannot be downloaded: \(reason)", found: status > 0 ? "HTTP status \(status)" : nil)
    default: throw Failure.broken(reason)
    }
  }

  private func take(_ bytes: UnsafeBufferPointer<UInt8>, status: Int) -> Bool {
    do {
      // A server that does not know ranges sends the file from its beginning.
      if !hasBegun, offset > 0, status == 200 {
        try part.truncate()
        kept = 0
      }
      hasBegun = true
      try part.append(bytes)
      return true
    } catch {
      self.error = error
      return false
    }
  }

  private func report(_ received: Int, of total: Int) -> Bool {
    progress(Download.Progress(received: part.length, total: total > 0 ? kept + total : nil))
    return !isCancelled()
  }
}
