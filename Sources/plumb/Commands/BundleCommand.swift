import ArgumentParser
import ArtifactStore
import Basics
import Bundles
import Execution
import Foundation
import PipelineLanguage
import Planning
import Results
import StageSchema
import Stages

struct BundleCommand: LastingCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle",
    abstract: "Pack a run into one file: the pipeline with its imports and its lock, the files it read, its record and its artifacts.")

  @Argument(
    help: ArgumentHelp("The run, as 'plumb runs' names it; the newest when absent.", valueName: "run"), completion: PipelineCompletion.runs)
  var id: String?

  @Option(name: .shortAndLong, help: "The file to write; the name of the pipeline and the run when absent.", completion: .file())
  var output: String?

  @Option(name: .customLong("with"), help: "Only the artifacts of this cell, or of all cells of this stage. May be repeated.")
  var cells: [String] = []

  @Flag(help: "Leave out weights, datasets and other outside files: their digests are written down.")
  var withoutFiles = false

  @Option(
    name: .customLong("pipeline"), help: "The pipeline file, when it lies elsewhere than at the run.",
    completion: PipelineCompletion.files)
  var file: String?

  @OptionGroup var location: StoreArguments

  mutating func run() throws {
    let store = location.open()
    let record = try RunRecord.find(id, in: store)
    let request = try Workspace.Request(record: record, file: file, store: store.root, lanes: nil)
    let workspace = try Workspace(request, catalogue: StageTable.plumbline, fetch: PipelineArguments.fetch(for: request))
    let plan = try workspace.plan(history: workspace.history(), keepsGoing: record.leftOutCells)
    try record.check(against: plan)
    let chosen = try workspace.select(cells).map { workspace.table.cells[$0].name }
    let bundle = try RunBundle(
      record, workspace: workspace, plan: plan, cells: cells.isEmpty ? nil : Set(chosen), takesFiles: !withoutFiles)
    let path = output ?? "\(workspace.pipeline.name)-\(record.id).plumb.zip"
    let cancellation = Interruption.begin()
    try bundle.write(to: path) { cancellation.isRequested }
    let size = try Files.calls.status(path).orFail("cannot look at the file", path).length
    Output.standard.print("\(path) (\(Quantities.bytes(size))): \(bundle.summary)")
  }
}

struct UnpackCommand: LastingCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpack", abstract: "Unpack a bundle into a folder of its own, ready to be run and verified.")

  @Argument(help: "The bundle.", completion: .file(extensions: ["zip"]))
  var bundle: String

  @Argument(help: "The folder, new or empty; named after the bundle when absent.", completion: .directory)
  var folder: String?

  mutating func run() throws {
    let name = (bundle as NSString).lastPathComponent
    let stem = [".plumb.zip", ".zip"].first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) } ?? name + ".unpacked"
    let folder = folder ?? stem
    let cancellation = Interruption.begin()
    let unpacked = try OpenedBundle(path: bundle).unpack(to: folder) { cancellation.isRequested }
    Output.standard.print("\(folder): \(unpacked.files) files, \(unpacked.results) results of run \(unpacked.run)")
    for (path, digest) in unpacked.absent.sorted(by: { $0.key < $1.key }) {
      Output.standard.print("not in the bundle: \(path) (sha256 \(digest.hex))")
    }
    let flags = unpacked.parameterFiles.map { " --params \($0)" } + unpacked.flags.map { " --set '\($0)'" }
    Output.standard.print("run it again:  plumb run \(unpacked.pipeline)\(flags.joined())")
    Output.standard.print("compare:       plumb verify \(unpacked.run) --store \(folder)/Artifacts")
  }
}
