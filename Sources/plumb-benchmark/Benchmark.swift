import ArgumentParser

/// Measures what the engine does against a named peer in the same process, so that a figure means something on any
/// machine. Not part of the program for users.
@main struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plumb-benchmark", abstract: "Measures the engine on one core, each figure beside a peer's in the same run.",
    subcommands: [OperationsCommand.self, NetworkCommand.self, CheckpointCommand.self, PlanCommand.self],
    defaultSubcommand: OperationsCommand.self)
}
