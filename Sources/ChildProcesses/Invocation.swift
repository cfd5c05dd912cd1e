/// A program to be started, with everything it sees.
package struct Invocation: Sendable {
  /// Its file: a path, not a name to be looked for.
  package var program: String
  package var arguments: [String]
  /// All of it.
  package var environment: [String: String]
  /// Where it works: absolute.
  package var folder: String

  package init(_ program: String, _ arguments: [String], environment: [String: String], folder: String) {
    (self.program, self.arguments, self.environment, self.folder) = (program, arguments, environment, folder)
  }
}

/// How a program ended.
package enum Ending: Sendable, Hashable {
  case exited(Int32)
  case signalled(Int32)
  /// It is gone, and another part of this process has taken the news of how.
  case unseen
}
