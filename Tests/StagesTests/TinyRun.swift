import ArtifactStore
import Basics
import Checkpoints
import Engine
import EngineCPU
import Execution
import Foundation
import Planning
import StageSchema
import Stages
import Testing

/// A pipeline run in this process, in a store that goes away with it.
final class TinyRun: Sendable {
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let digits = repository + "/Pipelines/digits"

  let folder: String
  let finished: PipelineRun.Finished
  let workspace: Workspace

  convenience init(_ text: String, lanes: Int = 2, device: any Device = CPUDevice()) throws {
    let folder = Self.folder()
    try AtomicFile.makeDirectory(folder)
    try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
    try self.init(file: folder + "/p.plumb.yaml", folder: folder, lanes: lanes, device: device)
  }

  /// Runs a file that stands elsewhere.
  convenience init(file: String, lanes: Int = 2) throws {
    try self.init(file: file, folder: Self.folder(), lanes: lanes, device: CPUDevice())
  }

  private init(file: String, folder: String, lanes: Int, device: any Device) throws {
    self.folder = folder
    workspace = try Workspace(.init(file: file, store: folder + "/store", lanes: lanes), catalogue: .plumbline(on: device))
    let run = PipelineRun(workspace: workspace, command: [])
    finished = try run.run(history: workspace.history(), cancellation: Cancellation(), planned: { _ in { _ in } }, idle: { _ in })
  }

  private static func folder() -> String { FileManager.default.temporaryDirectory.path + "/plumb-stages-\(UUID().uuidString)" }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// The artifact on a port of a cell.
  func artifact(_ cell: String, _ port: String) throws -> Artifact {
    let outcome = try #require(finished.outcomes.first { $0.cell.cell.name == cell }, "no cell \(cell)")
    if case .failed(let error) = outcome.ending { throw error }
    return try #require(outcome.result?.outputs[port], "\(cell) has no output \(port)")
  }

  /// A curve or scores.
  func json(_ cell: String, _ port: String) throws -> JSONValue {
    try JSONValue(parsing: workspace.store.read(artifact(cell, port).part("data")))
  }

  static let weights = """
    weights:
        uses: load-weights
        with:
          file: \(digits)/digits-adm.pt
          architecture: adm-unet
          config: {image_size: 8, in_channels: 1, out_channels: 2, model_channels: 32, num_res_blocks: 1, channel_mult: [1, 1, 2], attention_resolutions: [2, 4], num_head_channels: 32, resblock_updown: true, use_scale_shift_norm: true, use_new_attention_order: true}
          process: {noise_schedule: cosine}
      images: {uses: load-dataset, with: {file: \(digits)/digits.npz}}
      features: {uses: load-features, with: {file: \(digits)/digits-features.pt, architecture: digits-features}}
    """
}
