import Basics
import Checkpoints
import Foundation
import Planning
import StageSchema
import Stages
import Testing

/// What a stage says of random numbers that were drawn elsewhere.
@Suite struct NoiseInputTests {
  /// The network of a golden case of EDM's family.
  private static func authors(_ name: String) -> String {
    "weights: {uses: load-weights, with: {file: \(TinyRun.repository)/Tests/Golden/\(name)}}"
  }

  /// What is said of a plan of `sample` with a file of noise; empty when nothing is.
  private func words(_ network: String, _ arrays: [(String, [Int])], _ with: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-noise-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let tensors = try arrays.map { name, shape in
      let count = try HostTensor.elementCount(shape)
      let tensor =
        name == "labels"
        ? try HostTensor(integers: Array(repeating: 1, count: count), shape: shape)
        : try HostTensor(floats: Array(repeating: 0.5, count: count), shape: shape)
      return (name: name, tensor: tensor)
    }
    try AtomicFile.write(Safetensors.encode(tensors, metadata: [:]), to: folder + "/noise.safetensors")
    let text = """
      plumb: 1
      name: noise
      stages:
        \(network)
        noise: {uses: load-noise, with: {file: noise.safetensors}}
        it: {uses: sample, inputs: {network: weights, noise: noise}, with: {samples: 2, \(with)}}
      default: [it]
      """
    try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
    do {
      let workspace = try Workspace(.init(file: folder + "/p.plumb.yaml", store: folder + "/store", lanes: 1), catalogue: .plumbline)
      _ = try workspace.plan(history: workspace.history())
      return ""
    } catch let error as DiagnosticsError {
      return error.diagnostics.map(\.rendered).joined(separator: "\n")
    }
  }

  /// The case's network sees images of 3x8x8 and has D = 128.
  @Test(
    arguments: [
      (192 + 128, ""),
      (192 + 127, "the radius of the noise does not fit the network, whose D is 128; expected 320 normals a sample, found 319"),
      (192 + 129, "expected 320 normals a sample, found 321"), (192, "an array does not fit start"), (nil, "the noise has no radius"),
    ] as [(Int?, String)])
  func aRadiusOfAnotherWidthIsOneError(_ width: Int?, _ expected: String) throws {
    let arrays = [("start", [2, 3, 8, 8])] + (width.map { [("radius", [2, $0])] } ?? [])
    let words = try words(Self.authors("pfgmpp/sampler-D128-euler-es/weights.pt, weights: authors"), arrays, "sampler: euler, steps: 3")
    #expect(words.isEmpty == expected.isEmpty && (expected.isEmpty || words.contains(expected)), "\(words)")
    #expect(words.components(separatedBy: "error[").count <= 2, "\(words)")
  }

  @Test func aSeedFromWhichNothingFollowsIsRefused() throws {
    let digits = TinyRun.weights
    let arrays = [("start", [2, 1, 8, 8]), ("steps", [3, 2, 1, 8, 8])]
    #expect(try words(digits, arrays, "steps: 3") == "")
    #expect(try words(digits, arrays, "steps: 3, seed: 0") == "")
    #expect(try words(digits, arrays, "steps: 3, seed: 4").contains("nothing follows from a seed"))
    #expect(
      try words(digits, arrays, "steps: 3, random: {generator: torch, batch_size: 2}").contains("no generator draws any"))
  }

  /// Classes that nobody drew elsewhere follow from the seed.
  @Test func aSeedThatDrawsTheClassesIsTaken() throws {
    let conditional = Self.authors("edm/net-adm-edm-cond/weights.pkl")
    let start = ("start", [2, 3, 8, 8])
    #expect(try words(conditional, [start], "steps: 3, seed: 4") == "")
    #expect(try words(conditional, [start, ("labels", [2])], "steps: 3, seed: 4").contains("nothing follows from a seed"))
  }
}
