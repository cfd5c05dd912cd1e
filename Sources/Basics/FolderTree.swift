import Foundation

/// Folders with everything below them.
public enum FolderTree {
  /// Removes a folder; one that is not there is removed already. Folders that were made unreadable are opened first.
  public static func remove(_ path: String) throws {
    let files = FileManager.default
    guard (try? files.attributesOfItem(atPath: path)) != nil else { return }
    if (try? files.removeItem(atPath: path)) != nil { return }
    open(path)
    do {
      try files.removeItem(atPath: path)
    } catch {
      throw PlumbError("cannot remove the folder", at: path, found: error.localizedDescription)
    }
  }

  /// Gives the owner every right to the folder and to those in it.
  private static func open(_ path: String) {
    chmod(path, 0o700)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
      var status = stat()
      let below = "\(path)/\(name)"
      if lstat(below, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { open(below) }
    }
  }
}
