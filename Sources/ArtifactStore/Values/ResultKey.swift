public import Basics

/// Where a result is kept: what was computed, and how numbers were computed.
public struct ResultKey: Sendable, Hashable {
  public let semantic: Digest
  public let profile: Digest

  public init(semantic: Digest, profile: Digest) {
    self.semantic = semantic
    self.profile = profile
  }
}
