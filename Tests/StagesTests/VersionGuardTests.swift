import Basics
import Engine
import Foundation
import Planning
import StageSchema
import Stages
import Testing

/// Keys carry versions, not code: when a stage, network or sampler starts to give other bytes, its integer must be bumped,
/// or old results would be taken for new ones. Here the digest of a tiny run of each is pinned beside its version.
///
/// The pins hold for one numerics profile, named in the file; on a machine with another one there is nothing to compare.
@Suite struct VersionGuardTests {
  private static let path = TinyRun.repository + "/Tests/StagesTests/version-pins.json"

  private static let pipeline = """
    plumb: 1
    name: guard
    stages:
      \(TinyRun.weights)
      train: {uses: train-stats, inputs: {network: weights, dataset: images}, with: {steps: 3, samples: 9, seed: 7}}
      sample: {uses: sample, inputs: {network: weights}, with: {steps: 3, samples: 9, seed: 7, epsilon_scaling: {k: 0.01, b: 1.02}}}
      ddim: {uses: sample, inputs: {network: weights}, with: {sampler: ddim, eta: 0.5, steps: 3, samples: 9, seed: 7}}
      delta: {uses: measure-delta, inputs: {network: weights, dataset: images}, with: {steps: 3, samples: 9, seed: 7}}
      score: {uses: score, inputs: {samples: sample.images, reference: images, features: features}, with: {metrics: [fd, class-score]}}
      table: {uses: table, inputs: {score: score, delta: delta, norms: sample.epsilon-norms, training: train.norms}}
    default: [table, ddim]
    """

  /// What is pinned: a name, the version it stands under, and the digest of what it gives.
  private static func current() throws -> [String: (version: String, digest: String)] {
    let run = try TinyRun(pipeline)
    var pins: [String: (version: String, digest: String)] = [:]
    for outcome in run.finished.outcomes {
      if case .failed(let error) = outcome.ending { throw error }
      let identity = outcome.cell.identity
      let uses = identity.uses.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      let outputs = (outcome.result?.outputs ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.digest.hex)" }
      pins["\(identity.stage) (\(outcome.cell.cell.name))"] = (
        (["\(identity.stage) \(identity.version)"] + uses).joined(separator: ", "), Digest(of: outputs.joined(separator: " ")).hex
      )
    }
    return pins
  }

  @Test func aChangedDigestNeedsABumpedVersion() throws {
    let profile = try StageTable.plumbline.profile().digest.hex
    let current = try Self.current()
    if ProcessInfo.processInfo.environment["PLUMB_PIN_VERSIONS"] != nil {
      let json: JSONValue = [
        "profile": .text(profile), "pins": .object(current.mapValues { ["versions": .text($0.version), "digest": .text($0.digest)] }),
      ]
      try AtomicFile.write(json.encoded(pretty: true), to: Self.path)
      return
    }
    let pinned = try JSONValue(contentsOf: Self.path)
    guard pinned["profile"]?.text == profile else {
      print("version pins are for numerics profile \(pinned["profile"]?.text ?? "?"), this machine has \(profile): not compared")
      return
    }
    let pins = try #require(pinned["pins"]?.object)
    #expect(Set(pins.keys) == Set(current.keys), "pin again with PLUMB_PIN_VERSIONS=1 after adding or removing a stage")
    for (name, now) in current {
      guard let pin = pins[name], let versions = pin["versions"]?.text, let digest = pin["digest"]?.text else { continue }
      if versions == now.version {
        #expect(
          digest == now.digest,
          "\(name) gives other bytes under the same versions: bump one of \(versions) (`version` of the stage or network, `SamplerVersions`, `EngineVersion.arithmetic`) and pin again with PLUMB_PIN_VERSIONS=1"
        )
      } else {
        Issue.record("\(name) has versions \(now.version), pinned are \(versions): pin again with PLUMB_PIN_VERSIONS=1")
      }
    }
  }
}
