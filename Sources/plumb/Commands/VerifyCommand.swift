import ArgumentParser
import ArtifactStore
import Basics
import Execution
import Foundation
import Planning
import Results
import StageSchema
import Stages

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compute a run again and compare: equal to the bit, equal within a tolerance, or different from some sample and step on.",
    discussion: "Exit status 1 when something differs by more than the tolerance, or could not be compared.")

  @Argument(
    help: ArgumentHelp("The run, as 'plumb runs' names it; the newest when absent.", valueName: "run"), completion: PipelineCompletion.runs)
  var id: String?

  @Option(
    name: .customLong("pipeline"), help: "The pipeline file, when it lies elsewhere than at the run.",
    completion: PipelineCompletion.files)
  var file: String?

  @Option(
    name: .customLong("cell"), help: "Verify this cell only, or all cells of this stage. May be repeated.",
    completion: PipelineCompletion.cellsOfRun)
  var cells: [String] = []

  @Option(help: "Blocks to compute again of every cell, spread evenly; all of them when absent.")
  var blocks: Int?

  @Option(help: "Largest difference, relative to the largest number beside it, that counts as equal. Picture bytes may differ by one.")
  var tolerance = 1e-4

  @OptionGroup var location: StoreArguments

  @Option(help: "Worker threads; the number of cores when absent.")
  var lanes: Int?

  @Option(help: "Print as text or as JSON.")
  var format: OutputFormat = .text

  func validate() throws {
    if let lanes, !(1...1024).contains(lanes) { throw ValidationError("--lanes must lie in 1...1024, not \(lanes)") }
    if let blocks, blocks < 1 { throw ValidationError("--blocks must be at least 1, not \(blocks)") }
    if !(tolerance >= 0 && tolerance < 1) { throw ValidationError("--tolerance must lie in 0..<1, not \(tolerance)") }
  }

  mutating func run() throws {
    let store = location.open()
    let record = try RunRecord.find(id, in: store)
    let request = try Workspace.Request(record: record, file: file, store: store.root, lanes: lanes)
    let workspace = try Workspace(request, catalogue: StageTable.plumbline, fetch: PipelineArguments.fetch(for: request))
    let plan = try workspace.plan(history: workspace.history(), keepsGoing: record.leftOutCells)
    try record.check(against: plan)
    let profile = try record.requiredProfile()
    let chosen = try workspace.select(cells).map { workspace.table.cells[$0].name }
    let verification = Verification(
      workspace: workspace, plan: plan, profile: profile, options: .init(blocksPerCell: blocks, tolerance: tolerance))
    let isTerminal = Output.messages.isTerminal
    let verdicts = try verification.run(cells: cells.isEmpty ? nil : Set(chosen), cancellation: Interruption.begin()) { done, total in
      if isTerminal { Output.messages.write("\r  \(done) of \(total) pieces computed again\u{1B}[K") }
    }
    if isTerminal { Output.messages.write("\r\u{1B}[K") }
    let listing = VerificationListing(
      run: record.id.text, isOwnProfile: profile == plan.profile.digest, verdicts: verdicts, tolerance: tolerance)
    switch format {
    case .text: Output.standard.write(listing.text)
    case .json: Output.standard.print(listing.json)
    }
    if !listing.isGood { throw ExitStatus.failure.exitCode }
  }
}
