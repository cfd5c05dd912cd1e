import Basics
package import ChildProcesses
import Foundation

/// Runs workers one after the other until the time is over, and keeps the input of each that failed.
public struct FuzzCampaign {
  /// An input that a reader did not survive.
  public struct Defect: Sendable {
    public let index: Int
    /// How the worker ended: a signal, a message, no progress.
    public let ending: String
    /// Where the input was saved.
    public let file: String
  }

  public struct Result: Sendable {
    public var inputs = 0
    public var accepted = 0
    public var defects: [Defect] = []
  }

  /// Defects after which a campaign ends: there is enough to do.
  static let defectLimit = 20
  /// Seconds without progress after which a worker is killed; a machine may be busy.
  static let patience = 30.0

  /// Starts a worker: (first input, seconds, its folder).
  let start: (Int, Double, String) throws -> ChildProcess
  /// Where failing inputs are saved.
  let saveFolder: String

  package init(saveFolder: String, start: @escaping (Int, Double, String) throws -> ChildProcess) {
    self.saveFolder = saveFolder
    self.start = start
  }

  public func run(seconds: Double) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-fuzz-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let end = Date().addingTimeInterval(seconds)
    var result = Result()
    while case let left = end.timeIntervalSinceNow, left > 0, result.defects.count < Self.defectLimit {
      let ending = try watch(start(result.inputs, left, folder), in: folder)
      let progress = FuzzProgress(contentsOf: folder + "/progress")
      result.accepted += progress?.accepted ?? 0
      guard let ending else {
        result.inputs = progress?.next ?? result.inputs
        break
      }
      guard let index = progress?.next, index >= result.inputs else {
        throw PlumbError("a worker failed before it read an input: \(ending)")
      }
      try AtomicFile.makeDirectory(saveFolder)
      let file = "\(saveFolder)/input-\(index)"
      try AtomicFile.write(AtomicFile.read(folder + "/current"), to: file)
      result.defects.append(Defect(index: index, ending: ending, file: file))
      result.inputs = index + 1
    }
    return result
  }

  /// Waits for a worker; nil when it ended well.
  private func watch(_ process: ChildProcess, in folder: String) throws -> String? {
    var last = (index: -1, at: Date())
    while true {
      if let ending = process.wait(seconds: 0.02) {
        switch ending {
        case .exited(0): return nil
        case .exited(let status): return "exit status \(status)"
        case .signalled(let signal): return "signal \(signal)"
        case .unseen: return "an end that nobody saw"
        }
      }
      let index = FuzzProgress(contentsOf: folder + "/progress")?.next ?? -1
      if index != last.index { last = (index, Date()) }
      if -last.at.timeIntervalSinceNow > Self.patience {
        process.stop(grace: 0)
        return "no end within \(Self.patience) s"
      }
    }
  }
}
