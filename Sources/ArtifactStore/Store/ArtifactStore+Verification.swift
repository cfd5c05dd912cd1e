import Basics

/// What a check of a store found.
public struct StoreVerification: Sendable, Hashable {
  /// A file that was not what its name says, and was set aside.
  public struct Damage: Sendable, Hashable {
    public let path: String
    public let reason: String
  }

  public internal(set) var objectsChecked = 0
  public internal(set) var bytesChecked = 0
  public internal(set) var resultsChecked = 0
  public internal(set) var damaged: [Damage] = []
  /// Results that name an object that is not there: they will be computed again when asked for.
  public internal(set) var incompleteResults: [ResultKey] = []

  public var isSound: Bool { damaged.isEmpty && incompleteResults.isEmpty }
}

extension ArtifactStore {
  /// Reads the objects of the store and compares each with its name, then every result with its objects. Bad files are
  /// set aside. `sample`: the share of objects to read, drawn at random; 1 reads all. `progress` hears of objects done
  /// and in all; returning false ends the check early.
  public func verify(sample: Double = 1, progress: (_ done: Int, _ total: Int) -> Bool = { _, _ in true }) throws -> StoreVerification {
    var found = StoreVerification()
    var objects = try objectNames()
    if sample < 1 { objects = objects.filter { _ in Double.random(in: 0..<1) < sample } }
    for (index, digest) in objects.enumerated() {
      let path = path(digest)
      guard case .success(let status) = calls.status(path) else { continue }
      let actual = try digestOnDisk(path)
      found.objectsChecked += 1
      found.bytesChecked += status.length
      if actual != digest {
        quarantine(path)
        found.damaged.append(.init(path: path, reason: "its digest is \(actual.short)…"))
      }
      guard progress(index + 1, objects.count) else { return found }
    }
    for key in try resultKeys() {
      found.resultsChecked += 1
      if try lookup(key) != nil { continue }
      if case .success = calls.status(path(key)) {
        found.incompleteResults.append(key)
      } else {
        found.damaged.append(.init(path: path(key), reason: "its manifest cannot be understood"))
      }
    }
    return found
  }

  /// Every object of the store, by name.
  func objectNames() throws -> [Digest] {
    try names("\(root)/objects").flatMap { prefix in
      try names("\(root)/objects/\(prefix)").compactMap { Digest(hex: prefix + $0) }
    }
  }

  /// Every result of the store, by key.
  func resultKeys() throws -> [ResultKey] {
    try names("\(root)/results").compactMap { Digest(hex: $0) }.flatMap { semantic in
      try profiles(of: semantic).map { ResultKey(semantic: semantic, profile: $0) }
    }
  }

  /// The names in a folder of the store, sorted; none when it does not exist or is no folder.
  func names(_ folder: String) throws -> [String] {
    switch calls.list(folder) {
    case .success(let names): return names.sorted()
    case .failure(.missing), .failure(.notFolder): return []
    case .failure(let code): throw PlumbError("cannot list a folder of the store: \(code.explanation)", at: folder)
    }
  }
}
