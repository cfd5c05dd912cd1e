public import Basics

/// Something wrong with one use of a stage, and which of its parts is at fault; planning turns it into a diagnostic
/// with a caret under that part.
public struct StageIssue: Error, Sendable, Hashable {
  public enum Part: Sendable, Hashable {
    case stage
    /// A path of field names below `with`.
    case parameter([String])
    case input(String)
  }

  /// What sort of mistake it is; decides the code a message carries.
  public enum Reason: Sendable, Hashable {
    case missingFile, damagedFile, wrongConfiguration, wrongWeights, wrongDimensions, refused
  }

  public let part: Part
  public let reason: Reason
  public let error: PlumbError
  /// Issues found beside this one.
  public var further: [StageIssue] = []

  /// This issue and those found beside it.
  public var all: [StageIssue] { [self] + further.flatMap(\.all) }

  public init(_ part: Part, _ error: PlumbError, reason: Reason = .refused) {
    self.part = part
    self.reason = reason
    self.error = error
  }

  public init(_ part: Part, _ message: String, expected: String? = nil, found: String? = nil, reason: Reason = .refused) {
    self.init(part, PlumbError(message, kind: .input, expected: expected, found: found), reason: reason)
  }
}
