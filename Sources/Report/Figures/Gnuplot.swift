import Basics
import Foundation

/// The plotting program, run on a script and a data file in a folder of its own.
struct Gnuplot: Sendable {
  let program: String

  /// The program in `searchPath` (folders separated by colons); throws when there is none.
  init(searchPath: String) throws {
    let found = searchPath.split(separator: ":").map { "\($0)/gnuplot" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found else {
      throw PlumbError(
        "gnuplot was not found, so no figure can be drawn", expected: "the program gnuplot (Debian: apt-get install gnuplot-nox)")
    }
    program = found
  }

  /// Draws and hands back the two pictures. Throws with gnuplot's own words when it fails.
  func draw(script: String, csv: String) throws -> (svg: [UInt8], pdf: [UInt8]) {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-figure-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(csv.utf8).write(to: URL(fileURLWithPath: folder + "/figure.csv"))
    try Data(script.utf8).write(to: URL(fileURLWithPath: folder + "/figure.gp"))
    let (status, words) = try run(folder: folder)
    guard status == 0 else { throw PlumbError("gnuplot failed with status \(status)", found: words.isEmpty ? nil : words) }
    do {
      return try (AtomicFile.read(folder + "/figure.svg"), AtomicFile.read(folder + "/figure.pdf"))
    } catch {
      throw PlumbError("gnuplot drew no picture", found: words.isEmpty ? nil : words)
    }
  }

  /// What it says goes to a file and not through a pipe, so that it can never block on us.
  private func run(folder: String) throws -> (status: Int32, words: String) {
    let spoken = folder + "/words.txt"
    try Data().write(to: URL(fileURLWithPath: spoken))
    guard let words = FileHandle(forWritingAtPath: spoken) else { throw AtomicFile.systemError("cannot open", spoken) }
    defer { try? words.close() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    // -d: the user's own settings must not change a figure.
    process.arguments = ["-d", "figure.gp"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var environment = ProcessInfo.processInfo.environment
    environment["LC_ALL"] = "C.UTF-8"
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = words
    process.standardError = words
    do {
      try process.run()
    } catch {
      throw PlumbError("gnuplot could not be started", at: program, found: error.localizedDescription)
    }
    process.waitUntilExit()
    let text = try String(decoding: AtomicFile.read(spoken, limit: 1 << 20), as: UTF8.self)
    return (process.terminationStatus, String(text.trimmingCharacters(in: .whitespacesAndNewlines).suffix(300)))
  }
}
