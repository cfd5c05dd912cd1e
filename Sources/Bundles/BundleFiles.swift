import Basics
import Foundation

/// The outside files of a pipeline that go into a bundle, and those that do not.
struct BundleFiles {
  /// What a place in the bundle is filled from.
  struct File {
    let path: String
    let digest: Digest
    let length: Int
  }

  private(set) var files: [String: File] = [:]
  /// By where the run found them.
  private(set) var absent: [String: Digest] = [:]

  /// - Parameter takesFiles: false leaves all of them out, on request; true throws when one cannot come along, for a bundle
  ///   that looks whole and is not is worse than none.
  init(_ layout: BundleLayout, takesFiles: Bool) throws {
    var elsewhere: [String] = []
    for outside in layout.outside {
      guard takesFiles else {
        absent[outside.path] = try outside.digest ?? Self.digest(below: outside.path)
        continue
      }
      guard outside.isRelative, layout.place(outside.path) != nil, Self.kind(outside.path) != nil else {
        elsewhere.append(outside.path)
        continue
      }
      for path in Self.files(below: outside.path) {
        guard let place = layout.place(path) else { continue }
        // A file is what planning saw, and compared when it is packed; of a folder each file is what it is now.
        if path == outside.path, let digest = outside.digest {
          let length = try Files.calls.status(path).orFail("cannot look at the file", path).length
          files[place] = File(path: path, digest: digest, length: length)
        } else {
          let found = try AtomicFile.digest(path)
          files[place] = File(path: path, digest: found.digest, length: found.length)
        }
      }
    }
    guard elsewhere.isEmpty else {
      let more = elsewhere.count > 5 ? " and \(elsewhere.count - 5) more" : ""
      throw PlumbError(
        "files cannot come along under the names the pipeline has for them", kind: .input,
        at: elsewhere.prefix(5).joined(separator: ", ") + more,
        expected:
          "files that lie below the pipeline's folder and are named in it by relative paths, or --without-files, which writes down what they were"
      )
    }
  }

  private enum Kind { case file, folder }

  private static func kind(_ path: String, followsLink: Bool = true) -> Kind? {
    guard case .success(let status) = Files.calls.status(path, followsLink: followsLink) else { return nil }
    return status.isFile ? .file : status.isFolder ? .folder : nil
  }

  /// A file itself; of a folder every file below that is not hidden. Links are followed as far as they lead to files: one to a
  /// folder may lead round in a circle.
  private static func files(below path: String) -> [String] {
    guard kind(path) == .folder else { return [path] }
    guard case .success(let names) = Files.calls.list(path) else { return [] }
    return names.sorted().filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
      let child = "\(path)/\(name)"
      return switch kind(child) {
      case .file: [child]
      case .folder: kind(child, followsLink: false) == .folder ? files(below: child) : []
      case nil: []
      }
    }
  }

  /// A digest of all files below a path that has none of its own.
  private static func digest(below path: String) throws -> Digest {
    try CanonicalValue.list(files(below: path).map { .list([.text($0), .digest(try AtomicFile.digest($0).digest)]) }).digest
  }
}
