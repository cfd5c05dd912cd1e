import Basics
import Engine
import Foundation
import Networks
import Planning
import StageSchema
import Stages
import Testing

/// Keys carry versions, not code: when a stage, network or sampler starts to give other bytes, its integer must be bumped,
/// or old results would be taken for new ones. The digest of a tiny run of each (`Pins/pins.plumb.yaml`) is pinned beside its
/// version.
///
/// A digest stands under what decides it on a machine beside our code (`MachineArithmetic`); where that is another one there
/// is nothing to compare, and the test says that it is skipped.
@Suite struct VersionGuardTests {
  @Test func everyStageNetworkAndSamplerIsPinned() throws {
    let pinned = Set(try VersionPins.read().values.flatMap { $0.versions.components(separatedBy: ", ") })
    var catalogue = StageTable.plumbline.stages.map { "\($0.descriptor.name) \($0.descriptor.version)" }
    catalogue += NetworkCatalogue.all.map { "network \($0.architecture) \($0.version)" }
    catalogue.append("engine \(EngineVersion.arithmetic)")
    for name in catalogue {
      #expect(pinned.contains(name), "no pin has \(name): use it in Pins/pins.plumb.yaml and pin it with PLUMB_PIN_VERSIONS=1")
    }
    let sample = try #require(StageTable.plumbline.stages.first { $0.descriptor.name == "sample" })
    let field = try #require(sample.descriptor.parameters.first { $0.name == "sampler" })
    guard case .choice(let samplers) = field.type else { throw PlumbError("the samplers are no choice") }
    for name in samplers {
      #expect(pinned.contains { $0.hasPrefix("sampler \(name) ") }, "no pin has the sampler \(name): use it in Pins/pins.plumb.yaml")
    }
  }

  @Test(.enabled(if: VersionPins.isHere(.mathematics), "the pins are of machines with other mathematics"))
  func aChangedDigestNeedsABumpedVersion() throws { try check(.mathematics) }

  @Test(.enabled(if: VersionPins.isHere(.linearAlgebra), "the pins of scores are of machines with other linear algebra"))
  func aChangedDigestOfScoresNeedsABumpedVersion() throws { try check(.linearAlgebra) }

  private func check(_ arithmetic: MachineArithmetic) throws {
    let (pins, here) = (try VersionPins.read(), try arithmetic.digest().hex)
    let now = try VersionPins.current.get()
    #expect(Set(pins.keys) == Set(now.keys), "pin again with PLUMB_PIN_VERSIONS=1 after changing what is run")
    for (name, now) in now where now.arithmetic == arithmetic {
      guard let pin = pins[name] else { continue }
      guard pin.versions == now.versions else {
        Issue.record("\(name) has versions \(now.versions), pinned are \(pin.versions): pin again with PLUMB_PIN_VERSIONS=1")
        continue
      }
      guard let digest = pin.digests[here] else {
        Issue.record("\(name) is not pinned for machines like this one: pin it with PLUMB_PIN_VERSIONS=1")
        continue
      }
      #expect(
        digest == now.digest,
        """
        \(name) gives other bytes under the same versions: bump one of \(pin.versions) (the `version` of the stage, network or sampler, \
        `EngineVersion.arithmetic`) and pin again with PLUMB_PIN_VERSIONS=1
        """)
    }
  }

  /// Writes what is missing. What is pinned under the same versions stays as it is: only a new version may change it.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["PLUMB_PIN_VERSIONS"] != nil, "pins are written when PLUMB_PIN_VERSIONS is set"))
  func pinning() throws {
    let old = try VersionPins.read()
    var new: [String: VersionPins.Pin] = [:]
    for (name, now) in try VersionPins.current.get() {
      let here = try now.arithmetic.digest().hex
      var digests = old[name].flatMap { $0.versions == now.versions ? $0.digests : nil } ?? [:]
      #expect(digests[here] == nil || digests[here] == now.digest, "\(name) gives other bytes under the versions \(now.versions)")
      if digests[here] == nil { digests[here] = now.digest }
      new[name] = VersionPins.Pin(versions: now.versions, digests: digests)
    }
    try VersionPins.write(new)
  }
}

/// The file of pins, and what the tiny run gives now.
enum VersionPins {
  struct Pin {
    /// The stage's and of all that it uses: "sample 1, engine 1, network adm-unet 1, sampler ddpm 1".
    let versions: String
    /// Of all outputs, by the digest of the arithmetic that decides it.
    let digests: [String: String]
  }

  struct Current: Sendable {
    let versions: String
    let digest: String
    let arithmetic: MachineArithmetic
  }

  private static let folder = TinyRun.repository + "/Tests/StagesTests/Pins/"

  static func read() throws -> [String: Pin] {
    try (JSONValue(contentsOf: folder + "digests.json").object ?? [:]).mapValues { pin in
      guard let versions = pin["versions"]?.text, let digests = pin["digests"]?.object?.compactMapValues(\.text) else {
        throw PlumbError("a pin has versions and digests", at: "digests.json")
      }
      return Pin(versions: versions, digests: digests)
    }
  }

  static func write(_ pins: [String: Pin]) throws {
    let json = pins.mapValues { pin -> JSONValue in
      ["versions": .text(pin.versions), "digests": .object(pin.digests.mapValues { .text($0) })]
    }
    try AtomicFile.write(JSONValue.object(json).encoded(pretty: true), to: folder + "digests.json")
  }

  /// Whether anything is pinned for a machine like this one.
  static func isHere(_ arithmetic: MachineArithmetic) -> Bool {
    guard let here = try? arithmetic.digest().hex, let pins = try? read() else { return true }
    return pins.values.contains { $0.digests[here] != nil }
  }

  /// What the run gives; made at first use, for all tests.
  static let current = Result { try run() }

  private static func run() throws -> [String: Current] {
    let run = try TinyRun(file: folder + "pins.plumb.yaml")
    var pins: [String: Current] = [:]
    // Cells come after those they need.
    var arithmetics: [Int: MachineArithmetic] = [:]
    for outcome in run.finished.outcomes.sorted(by: { $0.cell.cell.id < $1.cell.cell.id }) {
      if case .failed(let error) = outcome.ending { throw error }
      let (cell, identity) = (outcome.cell.cell, outcome.cell.identity)
      let isFromScores = cell.inputs.flatMap(\.sources).contains { arithmetics[$0.cell] == .linearAlgebra }
      let arithmetic: MachineArithmetic = isFromScores || identity.uses["scoring"] != nil ? .linearAlgebra : .mathematics
      arithmetics[cell.id] = arithmetic
      let uses = identity.uses.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      let outputs = (outcome.result?.outputs ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.digest.hex)" }
      pins["\(identity.stage) (\(cell.name))"] = Current(
        versions: (["\(identity.stage) \(identity.version)"] + uses).joined(separator: ", "),
        digest: Digest(of: outputs.joined(separator: " ")).hex, arithmetic: arithmetic)
    }
    return pins
  }
}
