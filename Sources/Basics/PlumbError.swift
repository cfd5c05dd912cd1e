/// An error with the facts in it: what went wrong, where, what was expected and what was found. The words for people
/// are put together in one place, `description`.
public struct PlumbError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of ending the error asks for; the command line maps it to an exit status.
  public struct Kind: Hashable, Sendable {
    public let name: String
    public init(name: String) { self.name = name }
    /// The file, the pipeline or the arguments are wrong (exit status 2).
    public static let input = Kind(name: "input")
    /// Something failed while running: damaged data, a full disk (exit status 1).
    public static let failure = Kind(name: "failure")
    /// Interrupted by the user (exit status 130).
    public static let interrupted = Kind(name: "interrupted")
  }

  /// What is wrong with a field, whatever the others say.
  public enum Fault: Sendable, Hashable {
    /// Its name is none of those that could stand in its place.
    case unknownName(known: [String])
    case absent
    case wrongValue
  }

  public var kind: Kind
  public var message: String
  /// A file, tensor, port or offset: where it was found.
  public var place: String?
  public var expected: String?
  public var found: String?
  /// What is wrong with the field at the end of `place`, when it is at fault by itself.
  public var fault: Fault?
  /// Errors found beside this one, each with a place of its own.
  public var further: [PlumbError] = []

  public init(_ message: String, kind: Kind = .failure, at place: String? = nil, expected: String? = nil, found: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.expected = expected
    self.found = found
  }

  public var description: String {
    var text = place.map { "\($0): \(message)" } ?? message
    if let expected { text += "; expected \(expected)" }
    if let found { text += expected == nil ? "; found \(found)" : ", found \(found)" }
    return text
  }

  /// The same error with an outer place put in front, as a reader hands it to its caller.
  public func at(_ outer: String) -> PlumbError {
    var copy = self
    copy.place = place.map { "\(outer): \($0)" } ?? outer
    return copy
  }
}
