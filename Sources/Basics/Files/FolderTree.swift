/// Folders with everything below them.
public enum FolderTree {
  /// Removes a folder with all that is in it, or a file; what is not there is removed already. Folders that were made
  /// unreadable are opened first. Links are not followed.
  public static func remove(_ path: String) throws {
    let calls = Files.calls
    let removed = calls.unlink(path)
    switch removed {
    case .success, .failure(.missing), .failure(.notFolder): return
    case .failure: break
    }
    guard case .success(let status) = calls.status(path, followsLink: false), status.isFolder else {
      return try removed.orFail("cannot remove the file", path)
    }
    var listed = calls.list(path)
    if case .failure(.denied) = listed {
      _ = calls.setMode(path, to: 0o700)
      listed = calls.list(path)
    }
    for name in try listed.orFail("cannot list the folder", path) {
      do {
        try remove("\(path)/\(name)")
      } catch {
        // Who may not write in a folder cannot take anything out of it.
        guard case .success = calls.setMode(path, to: 0o700) else { throw error }
        try remove("\(path)/\(name)")
      }
    }
    try calls.removeFolder(path).orFail("cannot remove the folder", path)
  }

  /// The folder a path lies in; of a plain name the current one.
  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

extension FileCalls {
  /// Makes a folder and those above it, each durable before anything is put into it.
  package func makeFolders(_ path: String, words: (SystemCode) -> String = \.explanation) throws {
    var made = makeFolder(path)
    if case .failure(.missing) = made, case let parent = FolderTree.parent(of: path), parent != path {
      try makeFolders(parent, words: words)
      made = makeFolder(path)
    }
    if case .failure(.exists) = made, case .success(let status) = status(path) {
      guard status.isFolder else { throw PlumbError("cannot create the folder: a file has its name", at: path) }
      return
    }
    try made.orFail("cannot create the folder", path, words: words)
    try syncFolder(FolderTree.parent(of: path), words: words)
  }

  /// Makes the names in a folder durable, as far as the file system can.
  package func syncFolder(_ path: String, words: (SystemCode) -> String = \.explanation) throws {
    let opened = openFolder(path)
    // A folder one may write to but not list.
    if case .failure(.denied) = opened { return }
    let folder = try opened.orFail("cannot open the folder", path, words: words)
    defer { close(folder) }
    let synced = sync(folder)
    if case .failure(let code) = synced, code.meansNotOffered { return }
    try synced.orFail("cannot flush the folder", path, words: words)
  }
}
