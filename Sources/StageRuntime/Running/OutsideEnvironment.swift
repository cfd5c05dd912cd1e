import Foundation

/// What of this process's environment reaches external programs. It enters no key; the record of a run holds it.
public enum OutsideEnvironment {
  /// Where programs, libraries and what a user installed for herself are found.
  public static let names = ["HOME", "LD_LIBRARY_PATH", "PATH"]

  public static var values: [String: String] {
    ProcessInfo.processInfo.environment.filter { names.contains($0.key) }
  }
}
