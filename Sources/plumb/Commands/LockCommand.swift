import ArgumentParser
import Basics
import Planning

struct LockCommand: LastingCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "Write down what a pipeline resolved to: files, versions, keys, and the digests of outputs that are in the store.",
    discussion: "The lock lies beside the pipeline. 'plumb run --locked' refuses whatever differs from it.")

  @OptionGroup var pipeline: PipelineArguments

  @Option(name: .customLong("lock"), help: "Where to write it, instead of beside the pipeline.", completion: .file())
  var path: String?

  mutating func run() throws {
    let workspace = try pipeline.open()
    let plan = try workspace.plan(history: workspace.history())
    let lock = Lock(workspace, plan: plan)
    let path = path ?? Lock.path(of: pipeline.file)
    try AtomicFile.write(lock.json.encoded(pretty: true), to: path)
    let computed = lock.cells.values.count { !$0.outputs.isEmpty }
    Output.standard.print(
      "\(path): \(lock.files.count) files, \(lock.cells.count) cells, \(computed) of them with the digests of their outputs")
  }
}

/// Holds a run to a lock.
struct LockCheck {
  private let path: String
  private let lock: Lock

  init(path: String) throws {
    self.path = path
    lock = try Lock(path: path)
  }

  /// Before anything runs. Throws with every difference.
  func check(_ workspace: Workspace, _ plan: Plan) throws {
    let part = !workspace.request.cells.isEmpty
    try refuse(lock.differences(to: Lock(workspace, plan: plan), part: part), "the pipeline is not as it was locked", kind: .input)
  }

  /// After the run: the outputs by cell and port.
  func check(outputs: [String: [String: Digest]]) throws {
    try refuse(lock.outputDifferences(to: outputs), "outputs are not as they were locked", kind: .failure)
  }

  private func refuse(_ differences: [LockDifference], _ message: String, kind: PlumbError.Kind) throws {
    guard !differences.isEmpty else { return }
    let shown = differences.prefix(20).map { "\n  \($0)" }.joined()
    let more = differences.count > 20 ? "\n  and \(differences.count - 20) more" : ""
    throw PlumbError(message + shown + more + "\n  lock again if this is meant", kind: kind, at: path)
  }
}
