import ArtifactStore
import Basics
import StageRuntime
import StageSchema
import Synchronization

/// Runs an external program in a clean folder: what flows in lies there as read-only files, what it declares to write is
/// checked and kept, everything else goes away with the folder.
struct Command: WholeStage {
  static let descriptor = StageDescriptor(
    name: "command", version: 1, doc: "Runs an external program in a clean folder and keeps the outputs it declares.", inputs: [],
    openInputs: Set(PortType.allCases), needsOpenInputs: false,
    outputs: CommandOutputs.ports,
    parameters: [
      ParameterField(
        "script", .path, optional: true,
        doc: "A file that is put into the folder under its own name, usually the program. Its content enters the key, its place does not."),
      ParameterField(
        "files", .list(of: .path, count: 0...256), default: .list([]),
        doc: "Further files that are put into the folder; their names and contents enter the key."),
      ParameterField(
        "run", .list(of: .text, count: 1...1024),
        doc:
          "The program and its arguments, as they are, without a shell. Paths are relative to the folder: the names of script, files and "
          + "outputs; inputs/PORT.json for curves, scores and tables; inputs/PORT/ for everything else."),
      CommandOutputs.field,
      ParameterField(
        "environment", .open, default: .record([:]),
        doc: "Variables the program sees, which enter the key, beside HOME, LD_LIBRARY_PATH and PATH of this process, which do not."),
      ParameterField(
        "timeout", .number(0.001...1e9), optional: true, role: .execution, unit: "s",
        doc: "The program is stopped after this time, and the stage has failed."),
    ])

  private let files: CommandFiles
  private let arguments: [String]
  private let outputs: CommandOutputs
  private let environment: [String: String]
  private let timeout: Double?

  init(parameters: StageParameters) throws {
    files = try CommandFiles(parameters)
    arguments = try parameters.texts("run")
    outputs = try CommandOutputs(parameters)
    environment = try Self.environment(parameters)
    timeout = parameters.value("timeout").number
    for (index, argument) in arguments.enumerated() where argument.contains("\0") || (index == 0 && argument.isEmpty) {
      throw StageIssue(.parameter(["run"]), "this cannot be an argument of a program", found: argument.printable(limit: 80))
    }
    for name in outputs.names where files.names.contains(name) {
      throw StageIssue(.parameter(["outputs"]), "an output has the name of a file that is put into the folder", found: name)
    }
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    for port in inputs.items.keys.sorted() where !Self.isPlain(port) {
      throw StageIssue(
        .input(port), "the input's name cannot be a file's", expected: "letters, digits, - and _", found: port.printable(limit: 80))
    }
    return StageInference(
      outputs: outputs.facts, files: try files.digests(), unkeyed: ["script", "files"],
      meant: ["environment": .record(environment.mapValues { .text($0) })])
  }

  func cost(_ inputs: FactInputs) throws -> StageCost { outputs.cost }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let folder = try CommandFolder(in: context.store)
    defer { folder.remove() }
    try files.place(in: folder, inputs)
    try CommandInputs(inputs).place(in: folder, context)
    try outputs.makeFolders(in: folder)
    let program = ExternalProgram(
      arguments: arguments, environment: folder.environment.merging(environment) { $1 }, folder: folder.path, timeout: timeout)
    try program.run { context.isCancelled }
    return try outputs.adopt(from: folder, in: context)
  }

  private static func environment(_ parameters: StageParameters) throws -> [String: String] {
    guard case .record(let given) = parameters.value("environment") else { return [:] }
    return try given.reduce(into: [:]) { environment, variable in
      guard let first = variable.key.unicodeScalars.first, !("0"..."9").contains(first), isPlain(variable.key), !variable.key.contains("-")
      else {
        throw StageIssue(
          .parameter(["environment", variable.key]), "this cannot be the name of a variable", expected: "letters, digits and _",
          found: variable.key.printable(limit: 80))
      }
      switch variable.value {
      case .text(let text) where !text.contains("\0"): environment[variable.key] = text
      case .integer(let number): environment[variable.key] = String(number)
      default:
        throw StageIssue(
          .parameter(["environment", variable.key]), "a variable is text", expected: "a text, in quotes where it looks like something else",
          found: variable.value.label.printable(limit: 80))
      }
    }
  }

  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 200
      && name.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-") }
  }
}
