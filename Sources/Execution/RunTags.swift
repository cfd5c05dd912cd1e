public import ArtifactStore
public import Basics

/// Names that people give to runs, kept beside the record, which never changes: an empty file `tags/NAME` for each, so that any
/// number of processes can give and take them at once.
public enum RunTags {
  private static let folder = "tags"
  /// Where earlier versions kept all of them.
  private static let list = "tags.json"

  /// Throws a `PlumbError` of kind `input` for a name that could be taken for something else.
  public static func check(_ tags: [String]) throws {
    for tag in tags {
      let isPlain = tag.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-+".unicodeScalars.contains($0)
      }
      guard !tag.isEmpty, tag.count <= 64, isPlain, tag != RunReference.latest, tag.first?.isLetter == true else {
        throw PlumbError(
          "this cannot be the tag of a run", kind: .input, at: "tag",
          expected: "a letter, then letters, digits, '.', '_', '-' or '+', and not '\(RunReference.latest)'", found: "'\(tag)'")
      }
    }
  }

  /// The tags of a run, in order; those that can be read.
  public static func of(_ id: RunID, in store: ArtifactStore) -> [String] {
    Set(((try? listed(id, in: store)) ?? []) + ((try? store.runFiles(id: id, folder: folder)) ?? [])).sorted()
  }

  public static func add(_ tags: [String], to id: RunID, in store: ArtifactStore) throws {
    try check(tags)
    try spread(id, in: store)
    for tag in tags { try store.writeRunFile(id: id, name: "\(folder)/\(tag)", []) }
  }

  public static func remove(_ tags: [String], from id: RunID, in store: ArtifactStore) throws {
    try spread(id, in: store)
    let present = of(id, in: store)
    for tag in tags where !present.contains(tag) {
      throw PlumbError(
        "the run has no such tag", kind: .input, at: id.text,
        expected: present.isEmpty ? "none: it has no tags" : present.joined(separator: ", "),
        found: tag)
    }
    for tag in tags { try store.removeRunFile(id: id, name: "\(folder)/\(tag)") }
  }

  /// What an earlier version wrote. Throws when it is damaged: then nothing is changed, or what it held would be lost.
  private static func listed(_ id: RunID, in store: ArtifactStore) throws -> [String] {
    guard let bytes = try store.runFile(id: id, name: list) else { return [] }
    do {
      guard let tags = try JSONValue(parsing: bytes).list?.map(\.text), !tags.contains(nil) else {
        throw PlumbError("not a list of names")
      }
      let names = tags.compactMap(\.self)
      try check(names)
      return names
    } catch let error as PlumbError {
      throw PlumbError("the tags of the run are damaged: \(error.message)", at: "\(store.runFolder(id))/\(list)")
    }
  }

  /// Gives the tags of an earlier version files of their own, then removes its list: whenever it stops, none is lost.
  private static func spread(_ id: RunID, in store: ArtifactStore) throws {
    for tag in try listed(id, in: store) { try store.writeRunFile(id: id, name: "\(folder)/\(tag)", []) }
    try store.removeRunFile(id: id, name: list)
  }
}
