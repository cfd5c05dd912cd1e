import ArgumentParser
import Basics
import ChildProcesses
import Foundation
import Trials

/// Hands damaged checkpoints to the readers.
struct PlumbFuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plumb-fuzz",
    abstract: "Looks for files that a reader of checkpoints does not survive.",
    discussion: """
      Small honest and hostile files are changed, blindly and with knowledge of pickles, zips, JSON and npy headers, and each
      is read in full by a process with limits on memory and time. A reader may accept a file or refuse it with an error;
      anything else is a defect, and its input is saved.

        plumb-fuzz --seconds 600 --seed 7 --corpus Tests/Golden/formats
        plumb-fuzz --replay fuzz-failures/input-1234

      Exit status: 0 no defect, 1 a defect, 2 the arguments are wrong.
      """)

  @Option(help: "How long to look.")
  var seconds = 60.0

  @Option(help: "Input N of a seed is always the same, for one corpus.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Folders of files to start from, beside some made here. May be repeated.", valueName: "dir"))
  var corpus: [String] = []

  @Option(help: ArgumentHelp("Where failing inputs are saved.", valueName: "dir"))
  var save = "fuzz-failures"

  @Option(help: ArgumentHelp("Read one file, as each input is read, and say what came of it.", valueName: "file"))
  var replay: String?

  // What a worker is started with: its first input and its folder.
  @Option(help: .hidden) var first = 0
  @Option(help: .hidden) var worker: String?

  func validate() throws {
    guard seconds > 0, seconds.isFinite else { throw ValidationError("--seconds must be positive") }
  }

  /// Parses the command line and runs; returns the exit status.
  static func status() -> Int32 {
    Output.prepare()
    do {
      return try parse().work() && Output.standard.failure == nil ? 0 : 1
    } catch let error as PlumbError {
      Output.messages.print("plumb-fuzz: \(error)")
      return error.kind == .input ? 2 : 1
    } catch {
      let isHelp = exitCode(for: error) == .success
      (isHelp ? Output.standard : Output.messages).print(fullMessage(for: error))
      return isHelp ? 0 : 2
    }
  }

  /// Whether no defect was found.
  private func work() throws -> Bool {
    if let replay { return try replayed(replay) }
    let mutator = try Mutator(corpus: FuzzCorpus(folders: corpus), seed: seed)
    if let worker {
      // No limit on processor time: the parent watches.
      ResourceLimits(seconds: nil).apply()
      try FuzzWorker(mutator: mutator, folder: worker).run(first: first, seconds: seconds)
      return true
    }
    let result = try FuzzCampaign(saveFolder: save, start: startWorker).run(seconds: seconds)
    for defect in result.defects {
      Output.standard.print("DEFECT  input \(defect.index): \(defect.ending)\n  plumb-fuzz --replay \(defect.file)")
    }
    let accepted = result.inputs == 0 ? 0 : 100 * result.accepted / result.inputs
    Output.standard.print(
      "seed \(seed): \(result.inputs) inputs, \(accepted)% accepted, the others refused; \(result.defects.count) defects")
    return result.defects.isEmpty
  }

  private func startWorker(first: Int, seconds: Double, folder: String) throws -> ChildProcess {
    let arguments =
      ["--worker", folder, "--first", String(first), "--seconds", String(seconds), "--seed", String(seed)]
      + corpus.flatMap { ["--corpus", $0] }
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    let invocation = Invocation(
      program, arguments, environment: ProcessInfo.processInfo.environment, folder: FileManager.default.currentDirectoryPath)
    return try ChildProcess(invocation, output: STDOUT_FILENO, errors: STDERR_FILENO)
  }

  private func replayed(_ file: String) throws -> Bool {
    let path = URL(fileURLWithPath: file).path
    switch try TrialProcess.run(path, in: FileManager.default.currentDirectoryPath) {
    case .accepted: Output.standard.print("accepted")
    case .refused(let message): Output.standard.print("refused: \(message)")
    case .failed(let how):
      Output.standard.print("DEFECT  \(how)")
      return false
    }
    return true
  }
}
