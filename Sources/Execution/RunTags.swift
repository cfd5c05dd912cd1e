import ArtifactStore
import Basics

/// Names that people give to runs, kept beside the record, which never changes.
public enum RunTags {
  private static let fileName = "tags.json"

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

  /// The tags of a run, in order; none when they cannot be read.
  public static func of(_ id: String, in store: ArtifactStore) -> [String] {
    guard let bytes = (try? store.runFile(id: id, name: fileName)).flatMap({ $0 }), let json = try? JSONValue(parsing: bytes) else {
      return []
    }
    return json.list?.compactMap(\.text) ?? []
  }

  public static func add(_ tags: [String], to id: String, in store: ArtifactStore) throws {
    try check(tags)
    try write(Set(of(id, in: store)).union(tags), to: id, in: store)
  }

  public static func remove(_ tags: [String], from id: String, in store: ArtifactStore) throws {
    let present = Set(of(id, in: store))
    for tag in tags where !present.contains(tag) {
      throw PlumbError(
        "the run has no such tag", kind: .input, at: id,
        expected: present.isEmpty ? "none: it has no tags" : present.sorted().joined(separator: ", "),
        found: tag)
    }
    try write(present.subtracting(tags), to: id, in: store)
  }

  private static func write(_ tags: Set<String>, to id: String, in store: ArtifactStore) throws {
    try store.writeRunFile(id: id, name: fileName, JSONValue.list(tags.sorted().map(JSONValue.text)).encoded())
  }
}
