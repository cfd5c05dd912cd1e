public import Foundation

extension ArtifactStore {
  /// The store a command works on: the flag, else `PLUMB_STORE`, else `Artifacts/` of the nearest folder above the
  /// pipeline file that has one, else of the current folder. Creates nothing.
  public static func locate(
    flag: String?, environment: [String: String], pipelineFile: String, currentFolder: String = FileManager.default.currentDirectoryPath
  ) -> ArtifactStore {
    func absolute(_ path: String) -> String {
      URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: currentFolder, isDirectory: true)).standardizedFileURL.path
    }
    if let flag, !flag.isEmpty { return ArtifactStore(root: absolute(flag)) }
    if let named = environment["PLUMB_STORE"], !named.isEmpty { return ArtifactStore(root: absolute(named)) }
    var folder = (absolute(pipelineFile) as NSString).deletingLastPathComponent
    while !folder.isEmpty {
      let candidate = folder == "/" ? "/Artifacts" : folder + "/Artifacts"
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), isFolder.boolValue {
        return ArtifactStore(root: candidate)
      }
      if folder == "/" { break }
      folder = (folder as NSString).deletingLastPathComponent
    }
    return ArtifactStore(root: absolute("Artifacts"))
  }
}
