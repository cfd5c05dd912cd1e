import Foundation

/// How everything a program started is found again, in whatever session: by a variable with the folder of the run, which
/// programs hand on to those they start.
struct RunMark: Sendable {
  static let variable = "PLUMB_FOLDER"

  /// Absolute; belongs to the run alone.
  let folder: String

  var environment: [String: String] { [Self.variable: folder] }
  var text: String { "\(Self.variable)=\(folder)" }

  /// Kills what still runs with the mark. A program that starts others faster than they can be killed is given up after some
  /// rounds.
  func killStrays() {
    for _ in 0..<20 {
      let strays = processes
      guard !strays.isEmpty else { return }
      for process in strays { kill(process, SIGKILL) }
      usleep(2_000)
    }
  }

  /// Living processes of ours that have it.
  private var processes: [Int32] {
    let needle = Array(text.utf8)
    return ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { name in
      guard let process = Int32(name), process != getpid(), let environment = Self.environment(of: process),
        environment.split(separator: 0).contains(where: { $0.elementsEqual(needle) })
      else { return nil }
      return process
    }
  }

  /// Of other users and of what has ended there is none.
  private static func environment(of process: Int32) -> [UInt8]? {
    let file = open("/proc/\(process)/environ", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16 << 10)
    while case let count = read(file, &piece, piece.count), count > 0 { bytes += piece[..<count] }
    return bytes
  }
}
