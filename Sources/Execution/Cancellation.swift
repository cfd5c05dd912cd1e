import Foundation
import Synchronization

/// A request to stop, seen by every lane between two network evaluations.
public final class Cancellation: Sendable {
  private let requested = Atomic<Bool>(false)

  public init() {}

  public var isRequested: Bool { requested.load(ordering: .relaxed) }
  public func request() { requested.store(true, ordering: .relaxed) }
}
