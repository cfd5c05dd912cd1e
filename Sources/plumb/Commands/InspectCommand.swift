import ArgumentParser
import Basics
import Checkpoints
import Foundation

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "List what a checkpoint holds, and what it is recognised as, without loading it.",
    discussion: """
      Reads torch files, EDM's pickles, safetensors, npz and npy. Only the file's directory is read, and nothing in it is
      executed, so a file of any size and origin can be looked at.

        plumb inspect weights.pt --filter attention
      """)

  @Argument(help: "The file.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("Only tensors whose name contains this text.", valueName: "text"))
  var filter: String?

  @Option(help: "Print as text or as JSON.")
  var format: OutputFormat = .text

  mutating func run() throws {
    let inspection: Inspection
    do {
      inspection = try Inspection(of: file, filter: filter)
    } catch var error as PlumbError {
      // What cannot be read is a wrong argument, not a stage that failed.
      error.kind = .input
      throw error
    }
    switch format {
    case .text: Output.standard.write(InspectionText.text(inspection))
    case .json: Output.standard.print(inspection.json)
    }
  }
}
