import ArgumentParser
import ArtifactStore
import Basics
import Foundation
import Planning
import StageSchema
import Stages

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Say what is installed, what is missing and how numbers are computed here.")

  @OptionGroup var location: StoreArguments

  mutating func run() throws {
    let profile = try StageTable.plumbline.profile()
    var rows: [[String]] = []
    for (name, value) in (profile.json.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      rows.append(["numerics", name, value.text ?? String(decoding: value.encoded(), as: UTF8.self)])
    }
    rows.append(["numerics", "profile digest", profile.digest.hex])
    rows.append(["numerics", "instruction set", StageTable.plumbline.device.about + " (the same bits on any)"])
    let gnuplot = Self.programPath("gnuplot")
    rows.append(["program", "gnuplot", gnuplot ?? "missing: reports have no figures; apt-get install gnuplot-nox"])
    let store = location.open()
    rows.append(["store", "folder", store.root])
    let isWritable = Self.isWritable(store.root)
    rows.append(["store", "writable", isWritable ? "yes" : "no"])
    rows.append(["machine", "cores", String(ProcessInfo.processInfo.activeProcessorCount)])
    rows.append(["machine", "memory", Quantities.bytes(Int(clamping: ProcessInfo.processInfo.physicalMemory))])
    Output.standard.write(TextTable.render([["", "what", "found"]] + rows))
    if gnuplot == nil || !isWritable { throw ExitStatus.failure.exitCode }
  }

  private static func programPath(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// The folder, or the nearest one above it that exists, can be written.
  private static func isWritable(_ folder: String) -> Bool {
    var path = folder
    while !path.isEmpty && path != "/" && !FileManager.default.fileExists(atPath: path) {
      path = (path as NSString).deletingLastPathComponent
    }
    return FileManager.default.isWritableFile(atPath: path.isEmpty ? "." : path)
  }
}
