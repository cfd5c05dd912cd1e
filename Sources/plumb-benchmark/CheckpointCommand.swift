import ArgumentParser
import Checkpoints
import Networks

/// Writes a checkpoint of random weights as the authors publish theirs, for measuring a whole pipeline at full width.
struct CheckpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint", abstract: "Write a network with random weights as a torch zip checkpoint.")

  @Argument(help: "digits or cifar10 (the ADM networks).") var model: Model
  @Argument(help: "The file to write.") var file: String

  func run() throws {
    let graph = try NetworkCatalogue.network(architecture: "adm-unet", configuration: model.configuration).graph()
    let tensors = RandomTensors(graph: graph)
    let writer = try TorchZipWriter(path: file, entries: tensors.entries)
    for entry in tensors.entries { try writer.append(tensors.read(entry.name)) }
    try writer.finish()
    print("\(file): \(tensors.entries.count) tensors")
  }
}
