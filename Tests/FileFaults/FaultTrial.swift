import Basics
import Foundation

/// A piece of work that writes files, done again and again in fresh folders with another of its system calls failing each time.
package struct FaultTrial {
  /// What was wrong with one of them: the fault, and what it left behind.
  package struct Finding: Sendable, CustomStringConvertible {
    package let fault: String
    package let left: String
    package var description: String { "\(fault): \(left)" }
  }

  /// Calls that the undisturbed work makes.
  package private(set) var calls = 0
  /// How many of the disturbed ones said that they failed.
  package private(set) var told = 0
  package private(set) var findings: [Finding] = []

  /// - Parameters:
  ///   - step: every so many-th call is disturbed.
  ///   - isWhole: whether a file, by its path below the folder, may be there with these bytes.
  ///   - work: writes below the folder it is handed.
  package init(
    step: Int = 1, isWhole: (_ name: String, _ bytes: [UInt8]) -> Bool, prepare: (String) throws -> Void = { _ in },
    work: (String) throws -> Void
  ) throws {
    let undisturbed = FaultyCalls(.none)
    try Self.inFolder { folder in
      try prepare(folder)
      try Files.$calls.withValue(undisturbed) { try work(folder) }
    }
    calls = undisturbed.count
    for number in stride(from: 0, to: calls, by: step) {
      for (name, fault) in [
        ("call \(number) fails", FaultyCalls.Fault.fails(at: number, .inputOutput)),
        ("the disk is full from call \(number)", .fullDisk(from: number)),
        ("the process ends at call \(number)", .stops(at: number)),
      ] {
        try Self.inFolder { folder in
          try prepare(folder)
          do {
            try Files.$calls.withValue(FaultyCalls(fault)) { try work(folder) }
          } catch {
            told += 1
          }
          for file in Self.files(folder) {
            // What a process that ended, or a disk that takes no removal, leaves of a file that has no name yet.
            if file.hasSuffix(".tmp") {
              if case .fullDisk = fault { findings.append(Finding(fault: name, left: file)) }
              continue
            }
            let bytes = [UInt8](FileManager.default.contents(atPath: "\(folder)/\(file)") ?? Data())
            if !isWhole(file, bytes) { findings.append(Finding(fault: name, left: "\(file), \(bytes.count) bytes")) }
          }
        }
      }
    }
  }

  private static func files(_ folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder) && !isFolder.boolValue
    }
  }

  private static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-faults-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }
}
