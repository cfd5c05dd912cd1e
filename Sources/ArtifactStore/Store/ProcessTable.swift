import Foundation

/// This machine's name, and whether one of its processes lives: for telling whose a left-over temporary file is.
enum ProcessTable {
  static let identifier: Int32 = getpid()

  /// The host name with nothing in it that a file name or the fields of ours could not hold.
  static let host: String = {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let kept = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return kept.isEmpty ? "unknown" : String(kept.prefix(64))
  }()

  static func isAlive(_ process: Int32) -> Bool { process > 0 && (kill(process, 0) == 0 || errno == EPERM) }

  static var now: Int { Int(time(nil)) }
}
