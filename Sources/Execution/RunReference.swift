public import ArtifactStore
public import Basics
import PipelineLanguage

/// How a command line names a run: its id or a part of it that no other begins with, `latest`, or a tag (the newest run that
/// has it).
public enum RunReference {
  public static let latest = "latest"

  /// The id that a text names. Throws a `PlumbError` of kind `input` when it names none or several.
  public static func resolve(_ text: String, in store: ArtifactStore) throws -> RunID {
    let ids = store.runIDs
    guard let newest = ids.first else { throw PlumbError("there is no run yet", kind: .input, at: store.root) }
    if text == latest { return newest }
    let beginning = text.isEmpty ? [] : ids.filter { $0.text.hasPrefix(text) }
    if let exact = beginning.first(where: { $0.text == text }) { return exact }
    if beginning.count == 1 { return beginning[0] }
    guard beginning.isEmpty else {
      throw PlumbError(
        "several runs begin with \(text)", kind: .input, at: store.root, expected: "more of the id",
        found: beginning.prefix(4).map(\.text).joined(separator: ", ") + (beginning.count > 4 ? ", …" : ""))
    }
    let tags = ids.lazy.map { ($0, RunTags.of($0, in: store)) }
    if let tagged = tags.first(where: { $0.1.contains(text) }) { return tagged.0 }
    let known = ids.map(\.text) + tags.flatMap(\.1) + [latest]
    let near = NearestName.of(text, among: known)
    throw PlumbError(
      "there is no run \(text)" + (near.map { "; did you mean \($0)?" } ?? ""), kind: .input, at: store.root, found: "newest run \(newest)")
  }
}
