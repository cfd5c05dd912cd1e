import ArtifactStore
import Basics
import Foundation
import StageRuntime

/// The folder a program runs in: made for one run, in the store's own file system, and removed after it.
struct CommandFolder {
  /// Absolute, without links.
  let path: String

  static let inputs = "inputs"
  private static let temporary = "tmp"
  /// What is in the folder beside the program's files and outputs.
  static let ownNames = [inputs, temporary]

  init(in store: ArtifactStore) throws {
    let made = try store.makeWorkFolder()
    guard let resolved = realpath(made, nil) else {
      throw PlumbError("cannot resolve the folder: \(String(cString: strerror(errno)))", at: made)
    }
    defer { free(resolved) }
    path = String(cString: resolved)
    do {
      for name in Self.ownNames { try makeFolder(name) }
    } catch {
      remove()
      throw error
    }
  }

  /// What a program sees beside what its stage declares. Language, time zone and place of temporary files are the same for
  /// everybody.
  var environment: [String: String] {
    OutsideEnvironment.values.merging(["LANG": "C.UTF-8", "TZ": "UTC", "TMPDIR": "\(path)/\(Self.temporary)"]) { $1 }
  }

  func makeFolder(_ name: String) throws { try AtomicFile.makeDirectory("\(path)/\(name)") }

  /// A copy, not a link: a program that may write what it should not (root may) must not reach what it was copied from.
  func copy(_ bytes: any RandomAccessBytes, to name: String, isExecutable: Bool) throws {
    let file = try NewFile("\(path)/\(name)", mode: isExecutable ? 0o555 : 0o444)
    try bytes.forEachPiece(of: 1 << 20) { try file.write($0) }
    file.keep()
  }

  func write(_ value: JSONValue, to name: String) throws {
    try AtomicFile.write(value.encoded(), to: "\(path)/\(name)")
    try Files.calls.setMode("\(path)/\(name)", to: 0o444).orFail("cannot set the permissions of the file", name)
  }

  /// The file a program wrote for an output. Throws when there is none, or when the name leads out of the folder.
  func written(_ name: String, for output: String) throws -> String {
    let place = "output \(output)"
    var status = stat()
    guard lstat("\(path)/\(name)", &status) == 0 else {
      throw PlumbError("the program did not write a declared output", at: place, expected: "a file \(name)", found: listing())
    }
    guard let resolved = realpath("\(path)/\(name)", nil) else {
      throw PlumbError("the output is a link that leads nowhere", at: place, expected: "a file \(name)")
    }
    defer { free(resolved) }
    let target = String(cString: resolved)
    guard target.hasPrefix(path + "/") else {
      throw PlumbError("the output leads out of the program's folder", at: place, expected: "a file \(name)", found: "a link to \(target)")
    }
    guard stat(target, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw PlumbError("the output is no file", at: place, expected: "a file \(name)", found: "something else of that name")
    }
    return target
  }

  /// What a failure to remove leaves behind is swept with the store's temporary files.
  func remove() { try? FolderTree.remove(path) }

  /// What the program left at the top of the folder, for messages.
  private func listing() -> String {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { !Self.ownNames.contains($0) }.sorted()
    return names.isEmpty ? "nothing" : names.prefix(8).map { $0.printable(limit: 80) }.joined(separator: ", ")
  }
}
