import Basics
import Checkpoints
import Diffusion
import Foundation
import Stages
import Testing

/// A network whose numbers overflow fails the stage that samples from it, with the place where it began.
@Suite struct FiniteSamplesTests {
  /// A run of four samples from the digits network with its last convolution's weights, all finite, multiplied.
  private static func run(weights factor: Float) throws -> TinyRun {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-finite-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let source = try CheckpointFile.open(TinyRun.digits + "/digits-adm.pt")
    let tensors = try source.entries.map { entry in
      let values = try source.read(entry.name).floats().map { entry.name == "out.2.weight" ? $0 * factor : $0 }
      return (name: entry.name, tensor: try HostTensor(floats: values, shape: entry.shape))
    }
    try AtomicFile.write(Safetensors.encode(tensors, metadata: [:]), to: folder + "/weights.safetensors")
    let weights = TinyRun.weights.replacing("\(TinyRun.digits)/digits-adm.pt", with: folder + "/weights.safetensors")
    return try TinyRun(
      """
      plumb: 1
      name: finite
      stages:
        \(weights)
        sample: {uses: sample, inputs: {network: weights}, with: {steps: 4, samples: 4}}
      default: [sample]
      """)
  }

  @Test func aNetworkThatOverflowsFailsWithTheStepAndTheSamples() throws {
    let error = try #require(throws: PlumbError.self) { try Self.run(weights: 1e38).artifact("sample", "images") }
    #expect(error.description.contains("non-finite value at step 1 (timestep"), "\(error)")
    #expect(error.description.contains("sample"), "\(error)")
    #expect(try !Self.run(weights: 1).artifact("sample", "images").parts.isEmpty)
  }

  @Test func theSamplesThatAreNotFiniteAreNamed() throws {
    let levels = NoiseLevels(axis: .sigma, labels: [0.5, 80], signalPower: [1, 1], noisePower: [0.25, 6400])
    var finite = FiniteSamples()
    for (first, values) in [(16, [1, 2, 3, 4]), (18, [5, .nan, 7, 8]), (20, [.infinity, 1])] as [(Int, [Float])] {
      values.withUnsafeBufferPointer { finite.look(at: $0, of: first..<first + values.count / 2) }
    }
    let error = try #require(throws: PlumbError.self) { try finite.check(LeafReduction(), of: 16..<21, over: levels) }
    #expect(error.message == "non-finite value in samples 18, 20")
    #expect(throws: Never.self) { try FiniteSamples().check(LeafReduction(), of: 16..<21, over: levels) }
  }
}
