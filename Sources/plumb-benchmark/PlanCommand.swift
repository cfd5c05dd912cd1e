import ArgumentParser
import ArtifactStore
import Basics
import EngineCPU
import Foundation
import Planning
import StageSchema
import Stages

/// How long it takes to plan a sweep that has many cells, over a store that has many runs.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "plan", abstract: "Seconds to plan a sweep on ADM's CIFAR-10 network.")

  @Option(help: "Cells of the sweep, about.") var cells = 10_000
  @Option(help: "Runs in the history of the store, of 100 cells each.") var runs = 300

  func validate() throws {
    guard (10...300_000).contains(cells), (0...100_000).contains(runs) else {
      throw ValidationError("--cells lies in 10...300000, --runs in 0...100000")
    }
  }

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-benchmark-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write(Array(text.utf8), to: folder + "/sweep.plumb.yaml")
    let request = Workspace.Request(file: folder + "/sweep.plumb.yaml", store: folder + "/store", lanes: 2)
    try writeHistory(to: ArtifactStore(root: folder + "/store"))

    let start = Date()
    let workspace = try Workspace(request, catalogue: .plumbline(on: CPUDevice()))
    let read = Date()
    let history = workspace.history()
    let known = Date()
    let plan = try workspace.plan(history: history)
    let planned = Date()
    let estimate = PlanEstimate(plan, rates: history.rates(profile: plan.profile.digest))
    let end = Date()
    Table.line("\(plan.cells.count) cells, \(estimate.criticalPath.cells.count) on the critical path", [])
    Table.line("read and expand", [Table.figure(read.timeIntervalSince(start), "s")])
    Table.line("history of \(runs) runs", [Table.figure(known.timeIntervalSince(read), "s")])
    Table.line("plan", [Table.figure(planned.timeIntervalSince(known), "s")])
    Table.line("estimate", [Table.figure(end.timeIntervalSince(planned), "s")])
    Table.line("together", [Table.figure(end.timeIntervalSince(start), "s")])
  }

  /// Three cells for each value of b, and what they share.
  private var text: String {
    let last = String(format: "%.5f", 1 + 0.00001 * Double(max(1, cells / 3 - 1)))
    return """
      plumb: 1
      name: sweep
      params:
        b: {sweep: 1.00000:\(last):0.00001}
      stages:
        weights:
          uses: load-weights
          with:
            file: absent.pt
            sha256: "\(String(repeating: "0", count: 64))"
            architecture: adm-unet
            config: \(String(decoding: Model.cifar10.configuration.encoded(), as: UTF8.self).replacing(":", with: ": ").replacing(",", with: ", "))
            process: {noise_schedule: cosine}
        images: {uses: load-dataset, with: {file: absent.npz, sha256: "\(String(repeating: "1", count: 64))", shape: [50000, 3, 32, 32]}}
        sample: {uses: sample, inputs: {network: weights}, with: {steps: 20, samples: 50000, epsilon_scaling: {b: $b}}}
        delta: {uses: measure-delta, inputs: {network: weights, dataset: images}, with: {steps: 20, samples: 10000, epsilon_scaling: {b: $b}}}
        score: {uses: score, inputs: {samples: sample.images, reference: images}}
        table: {uses: table, gather: [b], inputs: {score: score, delta: delta}}
      default: [table]
      """
  }

  private func writeHistory(to store: ArtifactStore) throws {
    let profile = try StageTable.plumbline(on: CPUDevice()).profile().digest
    for run in 0..<runs {
      let entries = (0..<100).map { RunIndex.Entry(ownKey: Digest(of: "\(run) \($0)"), stage: "sample", seconds: 1, flops: 1e10) }
      let id = store.newRunID(date: Date(timeIntervalSince1970: 1_700_000_000 + Double(run)))
      try store.writeRunFile(id: id, name: RunIndex.fileName, RunIndex(profile: profile, entries: entries).encoded)
      try store.writeRun(id: id, ["id": .text(id.text)])
    }
  }
}
