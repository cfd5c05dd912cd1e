public import ArtifactStore
import Basics
import Checkpoints
public import Engine
import Foundation
public import Networks

/// What a running stage may use: the store, the lane's engine, and the two things every long loop must do, count its
/// evaluations and look whether it was interrupted. One per lane thread; never shared.
public final class StageContext {
  public let store: ArtifactStore
  private let residents: Residents
  private let asksToStop: @Sendable () -> Bool
  private let advanced: @Sendable (_ evaluations: Int) -> Void
  private let received: @Sendable (_ bytes: Int, _ total: Int?) -> Void
  private struct LaneKey: Hashable {
    let artifact: Digest
    let part: NetworkPart
  }

  private var lanes: [LaneKey: any Lane] = [:]

  /// Nanoseconds of work, and of what was loaded in it.
  private var spent: UInt64 = 0
  private var loaded: UInt64 = 0

  /// - Parameters:
  ///   - advanced: called with the number of network evaluations just done, for progress.
  ///   - received: called while a file is fetched, with its bytes so far and in all.
  public init(
    store: ArtifactStore, residents: Residents, isCancelled: @escaping @Sendable () -> Bool,
    advanced: @escaping @Sendable (_ evaluations: Int) -> Void,
    received: @escaping @Sendable (_ bytes: Int, _ total: Int?) -> Void = { _, _ in }
  ) {
    self.store = store
    self.residents = residents
    asksToStop = isCancelled
    self.advanced = advanced
    self.received = received
  }

  /// Runs `body` and counts the time it takes, but for what it loads: `takeSeconds` hands it out.
  package func timed<Result>(_ body: () throws -> Result) rethrows -> Result {
    let start = DispatchTime.now().uptimeNanoseconds
    defer { spent += DispatchTime.now().uptimeNanoseconds - start }
    return try body()
  }

  /// Runs `body`, which brings something into memory that later work finds there: its time tells nothing of theirs.
  private func loading<Result>(_ body: () throws -> Result) rethrows -> Result {
    let start = DispatchTime.now().uptimeNanoseconds
    defer { loaded += DispatchTime.now().uptimeNanoseconds - start }
    return try body()
  }

  /// Seconds of computing since this was asked last, without loading networks and data.
  package func takeSeconds() -> Double {
    defer { (spent, loaded) = (0, 0) }
    return Double(spent - min(spent, loaded)) * 1e-9
  }

  /// Whether the run was told to stop.
  public var isCancelled: Bool { asksToStop() }

  /// Throws `PlumbError` of kind `interrupted` once the run was told to stop.
  public func checkCancelled() throws {
    if isCancelled { throw PlumbError("interrupted", kind: .interrupted) }
  }

  public func advance(evaluations: Int) { advanced(evaluations) }

  /// Tells how far a file has been fetched, in bytes; `total` is nil while that is not known.
  public func receive(bytes: Int, of total: Int?) { received(bytes, total) }

  /// This thread's lane for a network of an artifact; weights are read and packed once for all lanes.
  public func lane(
    for artifact: Artifact, _ part: NetworkPart = .network
  ) throws -> (network: any Network, lane: any Lane, batch: Int) {
    let resident = try loading { try residents.network(artifact, part, store: store) }
    let key = LaneKey(artifact: artifact.digest, part: part)
    if let lane = lanes[key] { return (resident.network, lane, resident.batch) }
    let lane = try loading { try resident.loaded.makeLane() }
    lanes[key] = lane
    return (resident.network, lane, resident.batch)
  }

  /// Gives back this thread's lanes for networks that are no longer resident.
  package func dropUnused() { lanes = lanes.filter { residents.holds($0.key.artifact, $0.key.part) } }

  /// The images of a dataset artifact, shared by all lanes.
  public func dataset(_ artifact: Artifact) throws -> ResidentDataset {
    try loading { try residents.dataset(artifact, store: store) }
  }
}
