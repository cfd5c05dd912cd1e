import Basics
import Checkpoints
import EngineCPU
import Foundation
import Planning
import ReferenceDevice
import StageSchema
import Stages
import Testing

/// The seam of devices, seen from outside: a device of the tests runs the digits pipeline, and nothing that ships knows it.
@Suite struct SecondDeviceTests {
  private static let pipeline = """
    plumb: 1
    name: devices
    stages:
      \(TinyRun.weights)
      train: {uses: train-stats, inputs: {network: weights, dataset: images}, with: {steps: 3, samples: 5, seed: 7}}
      sample: {uses: sample, inputs: {network: weights}, with: {steps: 3, samples: 5, seed: 7, epsilon_scaling: {b: 1.02}}}
      delta: {uses: measure-delta, inputs: {network: weights, dataset: images}, with: {steps: 3, samples: 5, seed: 7}}
      score: {uses: score, inputs: {samples: sample.images, reference: images, features: features}, with: {metrics: [class-score]}}
      table: {uses: table, inputs: {score: score, delta: delta, norms: sample.epsilon-norms, training: train.norms}}
    default: [table]
    """

  @Test func theDigitsPipelineRunsOnADeviceOfTheTests() throws {
    let one = try TinyRun(Self.pipeline)
    let other = try TinyRun(Self.pipeline, device: ReferenceDevice())

    let (images, plain) = (try pictures(one), try pictures(other))
    try #require(images.count == 5 * 64 && plain.count == images.count)
    let levels = zip(images, plain).map { abs(Int($0) - Int($1)) }
    // The network is within about 1e-6 of float64, a picture's levels are 1/128 apart: a value may round to the next one.
    #expect(levels.allSatisfy { $0 <= 1 }, "pixels are up to \(levels.max() ?? 0) levels apart")
    #expect(levels.filter { $0 > 0 }.count <= 3, "\(levels.filter { $0 > 0 }.count) of 320 pixels differ")

    for (cell, port, field) in [
      ("sample", "epsilon-norms", "epsilon_norm"), ("train", "norms", "epsilon_norm"), ("delta", "delta", "delta"),
    ] {
      let (found, wanted) = (try numbers(one, cell, port, field), try numbers(other, cell, port, field))
      try #require(found.count == wanted.count && !wanted.isEmpty, "\(cell).\(port) has no \(field)")
      for (x, y) in zip(found, wanted) { #expect(abs(x - y) <= 1e-4 * abs(y) + 1e-6, "\(cell).\(port): \(x), in float64 \(y)") }
    }
  }

  @Test func resultsOfADeviceAreNoOthers() throws {
    let device = ReferenceDevice()
    let profiles = try [StageTable.plumbline(on: CPUDevice()).profile(), StageTable.plumbline(on: device).profile()]
    #expect(profiles[0].digest != profiles[1].digest)
    #expect(profiles[1].dtype == .float64 && profiles[0].furtherProbes == profiles[1].furtherProbes)

    let run = try TinyRun(Self.pipeline, device: device)
    func left(_ catalogue: StageTable) throws -> Int {
      let workspace = try Workspace(run.workspace.request, catalogue: catalogue)
      return try workspace.plan(history: workspace.history()).cells.filter(\.hasWork).count
    }
    #expect(try left(.plumbline(on: device)) == 0, "the device finds its own results")
    #expect(try left(.plumbline(on: CPUDevice())) == run.finished.plan.cells.count, "another takes none of them")
  }

  private func pictures(_ run: TinyRun) throws -> [UInt8] {
    try run.artifact("sample", "images").parts.flatMap {
      try Safetensors.decode(run.workspace.store.read($0.object)).read("images").bytes
    }
  }

  private func numbers(_ run: TinyRun, _ cell: String, _ port: String, _ field: String) throws -> [Double] {
    try #require(run.json(cell, port)[field]?.list, "\(cell).\(port)").compactMap(\.double)
  }
}
