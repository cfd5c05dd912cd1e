import Basics
import ChildProcesses
import Foundation

/// The plotting program, run on a script and a data file in a folder of its own.
package struct Gnuplot: Sendable {
  let program: String

  /// The program in `searchPath` (folders separated by colons); throws when there is none.
  package init(searchPath: String) throws {
    let found = searchPath.split(separator: ":").map { "\($0)/gnuplot" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found else {
      throw PlumbError(
        "gnuplot was not found, so no figure can be drawn", expected: "the program gnuplot (Debian: apt-get install gnuplot-nox)")
    }
    program = found
  }

  /// Draws and hands back the two pictures. Throws with gnuplot's own words when it fails, and an error of kind `hangs` when
  /// it has not ended after `limit` seconds; then it is ended.
  func draw(script: String, csv: String, limit: Double) throws -> (svg: [UInt8], pdf: [UInt8]) {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-figure-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try AtomicFile.makeDirectory(folder)
    defer { try? FolderTree.remove(folder) }
    try AtomicFile.write(Array(csv.utf8), to: folder + "/figure.csv")
    try AtomicFile.write(Array(script.utf8), to: folder + "/figure.gp")
    var environment = ProcessInfo.processInfo.environment
    environment["LC_ALL"] = "C.UTF-8"
    // -d: the user's own settings must not change a figure.
    let invocation = Invocation(program, ["-d", "figure.gp"], environment: environment, folder: folder)
    let finished = try ProgramRun(invocation, timeout: limit).run()
    let said = String(decoding: finished.said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    let words = said.isEmpty ? nil : String(said.suffix(300)).printable()
    switch finished.outcome {
    case .ended(.exited(0)): break
    case .ended(.exited(let status)): throw PlumbError("gnuplot failed with status \(status)", found: words)
    case .ended(.signalled(let signal)): throw PlumbError("gnuplot was ended by signal \(signal)", found: words)
    case .ended(.unseen): throw PlumbError("gnuplot has ended, and how is not known", found: words)
    case .tookTooLong, .cancelled:
      throw PlumbError("gnuplot was stopped: it had not ended after \(limit.formatted()) s", kind: .hangs, at: program, found: words)
    }
    do {
      return try (AtomicFile.read(folder + "/figure.svg"), AtomicFile.read(folder + "/figure.pdf"))
    } catch {
      throw PlumbError("gnuplot drew no picture", found: words)
    }
  }
}

extension PlumbError.Kind {
  /// A program that does not come to an end.
  static let hangs = PlumbError.Kind(name: "hangs")
}
