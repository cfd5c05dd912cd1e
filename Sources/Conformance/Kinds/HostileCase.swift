import Basics
import Checkpoints
import Foundation
import Trials

/// `hostile`: files that must be refused with an error, each read by a process of its own under limits of memory and time,
/// in an empty folder that must be empty afterwards.
enum HostileCase: CaseKind {
  static let name = "hostile"
  static let families: Set<String> = ["formats"]
  static let parts: Set<String> = ["files"]

  /// Not what these cases are judged by: see `comparisons`.
  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] { [:] }

  static func comparisons(_ golden: GoldenCase) throws -> [OutputComparison] {
    let config = try FieldReader(golden.config, place: "config")
    let marker = try config.text("marker_file")
    try config.finish()
    guard let files = golden.parts["files"]?.list else { throw PlumbError("the case lists no files", kind: .input) }
    let scratch = FileManager.default.temporaryDirectory.path + "/plumb-hostile-\(UUID().uuidString)"
    // A name may climb two folders before it is caught.
    let folder = scratch + "/a/b"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    return try files.map { description in
      let fields = try FieldReader(description, place: "files")
      let (name, expected) = (try fields.text("file"), try fields.text("expected"))
      guard ["refused", "refused or accepted"].contains(expected) else {
        throw PlumbError("unknown expectation of a hostile file", kind: .input, at: name, found: expected)
      }
      fields.accept("kind", "bytes", "wrong", "reason", "original_reader")
      try fields.finish()
      let path = golden.folder + "/" + name
      var failure = FileManager.default.fileExists(atPath: path) ? nil : "the file is not there"
      let ending = try TrialProcess.run(path, in: folder)
      switch ending {
      case .refused: break
      case .accepted: if expected == "refused" { failure = "accepted" }
      case .failed(let how): failure = how
      }
      if let left = traces(in: scratch, marker: marker, beside: golden.folder) { failure = "left a file: \(left)" }
      return OutputComparison(judged: name, failure: failure)
    }
  }

  /// A file that was written while a hostile one was read.
  private static func traces(in scratch: String, marker: String, beside folder: String) -> String? {
    let inside = FileManager.default.enumerator(atPath: scratch)?.compactMap { $0 as? String }.first { $0 != "a" && $0 != "a/b" }
    let outside = [folder, (scratch as NSString).deletingLastPathComponent, "/"].lazy.compactMap { place in
      (try? FileManager.default.contentsOfDirectory(atPath: place))?.first { $0 == marker || $0.hasPrefix("plumb_escaped") }
        .map { "\(place)/\($0)" }
    }.first
    return inside ?? outside
  }
}
