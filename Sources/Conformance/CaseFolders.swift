import Basics
import Foundation

/// Finds golden cases.
public enum CaseFolders {
  /// Every folder at or below `root` that holds a `case.json`, sorted. Throws a `PlumbError` of kind `input` when there is
  /// no such folder or no case in it.
  public static func find(under root: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder), isFolder.boolValue else {
      throw PlumbError("no such folder", kind: .input, at: root)
    }
    let top = URL(filePath: root).resolvingSymlinksInPath().path
    let below = FileManager.default.enumerator(atPath: top)?.compactMap { $0 as? String } ?? []
    let found = (["case.json"] + below.filter { $0.hasSuffix("/case.json") }).map { top + "/" + $0 }
      .filter { FileManager.default.fileExists(atPath: $0) }
    guard !found.isEmpty else { throw PlumbError("no case.json in this folder", kind: .input, at: root) }
    return Set(found).map { String($0.dropLast("/case.json".count)) }.sorted()
  }
}
