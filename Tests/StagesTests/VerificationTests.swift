import ArtifactStore
import Basics
import Checkpoints
import Execution
import Foundation
import Planning
import StageRuntime
import Testing

/// A run computed again: the verdict says what is the same, and from which sample and step on it is not.
@Suite struct VerificationTests {
  private static let text = """
    plumb: 1
    name: verify
    stages:
      \(TinyRun.weights)
      sample: {uses: sample, inputs: {network: weights}, with: {sampler: ddpm, steps: 4, samples: 40, seed: 3}}
      score: {uses: score, inputs: {samples: sample.images, reference: images, features: features}}
    """

  private let run: TinyRun
  private let plan: Plan

  init() throws {
    run = try TinyRun(Self.text)
    plan = try run.workspace.plan(history: run.workspace.history())
  }

  private func verdicts(profile: Digest, tolerance: Double = 1e-4, blocks: Int? = nil) throws -> [String: CellVerdict] {
    let verification = Verification(
      workspace: run.workspace, plan: plan, profile: profile, options: .init(blocksPerCell: blocks, tolerance: tolerance))
    let verdicts = try verification.run(cancellation: Cancellation()) { _, _ in }
    return Dictionary(uniqueKeysWithValues: verdicts.map { ($0.cell, $0) })
  }

  /// The run's results under another profile, as if another machine had computed them, with `change` made to the second
  /// block of `sample`.
  private func foreignRun(_ change: (inout [Double], inout [UInt8]) -> Void) throws -> Digest {
    let store = run.workspace.store
    let foreign = Digest(of: "another machine")
    var outputs: [Int: ResultManifest] = [:]
    for planned in plan.cells {
      let canonical = try #require(
        InputEncoding.canonical(planned.cell) { source in outputs[source.cell]?.outputs[source.output].map { .digest($0.digest) } })
      let result = try #require(planned.result)
      outputs[planned.cell.id] = result
      _ = try store.publish(result, as: ResultKey(semantic: planned.identity.key(inputs: canonical), profile: foreign))
      guard let stage = planned.stage as? any BlockedStage else { continue }
      for range in stage.blocks.ranges {
        let key = planned.identity.blockKey(range, inputs: canonical)
        var block = try #require(try store.lookup(ResultKey(semantic: key, profile: plan.profile.digest)))
        if range.lowerBound == 32 { block = try changed(block, in: store, change) }
        _ = try store.publish(block, as: ResultKey(semantic: key, profile: foreign))
      }
    }
    return foreign
  }

  private func changed(
    _ block: ResultManifest, in store: ArtifactStore, _ change: (inout [Double], inout [UInt8]) -> Void
  ) throws -> ResultManifest {
    let artifact = try #require(block.outputs["block"])
    let images = try Safetensors.decode(store.read(artifact.part("images"))).read("images")
    var numbers = try Safetensors.decode(store.read(artifact.part("statistics"))).read("statistics").doubles()
    var bytes = images.bytes
    change(&numbers, &bytes)
    let objects: [String: ObjectRef] = [
      "images": try store.put(Safetensors.encode([(name: "images", tensor: HostTensor(dtype: .uint8, shape: images.shape, bytes: bytes))])),
      "statistics": try store.put(
        Safetensors.encode([(name: "statistics", tensor: HostTensor(doubles: numbers, shape: [numbers.count]))])),
    ]
    let parts = artifact.parts.compactMap { part in objects[part.name].map { Artifact.Part(name: part.name, object: $0) } }
    return ResultManifest(
      stage: block.stage, version: block.version, ownKey: block.ownKey,
      outputs: ["block": Artifact(type: artifact.type, parts: parts, facts: artifact.facts)])
  }

  @Test func theSameMachineGivesTheSameBits() throws {
    let verdicts = try verdicts(profile: plan.profile.digest)
    #expect(verdicts.values.allSatisfy { $0.outcome == .equal }, "\(verdicts)")
    #expect(verdicts["sample"]?.blocks.recomputed == 2 && verdicts["sample"]?.blocks.total == 2)
    #expect(try self.verdicts(profile: plan.profile.digest, blocks: 1)["sample"]?.blocks.recomputed == 1)
  }

  /// The statistics are: nodes, then for each its level, position, the number of steps, and count, sum and sum of squares of
  /// every index. The sum of index 1 of 4 belongs to the third step.
  private static let sumOfIndexOne = 3 + 1 + 3 + 1

  @Test func aDifferenceIsNamedByItsFirstSampleAndStep() throws {
    let foreign = try foreignRun { numbers, bytes in
      numbers[Self.sumOfIndexOne] *= 1.01
      bytes[5 * 64 + 3] ^= 0x40
    }
    let verdict = try #require(try verdicts(profile: foreign)["sample"])
    #expect(verdict.outcome == .different)
    #expect(verdict.sample == 32 + 5 && verdict.step == 3, "\(verdict)")
    #expect(verdict.levels == 0x40)
    #expect(try verdicts(profile: foreign)["weights"]?.outcome == .equal)
  }

  @Test func aDifferenceBelowTheToleranceIsToldAsSuch() throws {
    let foreign = try foreignRun { numbers, bytes in
      numbers[Self.sumOfIndexOne] *= 1 + 1e-9
      bytes[7] = bytes[7] == 255 ? 254 : bytes[7] + 1
    }
    let verdict = try #require(try verdicts(profile: foreign)["sample"])
    #expect(verdict.outcome == .within && verdict.levels == 1, "\(verdict)")
    #expect(verdict.largest > 0 && verdict.largest < 1e-8)
  }

  @Test func aResultThatIsNotThereIsNotCalledEqual() throws {
    let verdicts = try verdicts(profile: Digest(of: "nobody"))
    #expect(verdicts.values.allSatisfy { if case .unknown = $0.outcome { true } else { false } }, "\(verdicts)")
  }
}
