import Basics
import PipelineLanguage
import Results
import StageSchema

/// Compares what decides a cell with what decided an earlier one.
enum IdentityComparison {
  static func differences(_ planned: PlannedCell, _ before: RecordedIdentity) -> [Explanation.Difference] {
    let differences = planned.identity.recorded.differences(from: before)
    guard !differences.isEmpty else { return [] }
    let origins = planned.cell.origins { _ in "" }
    return differences.map { difference in
      func found(_ what: String, _ words: (JSONValue) -> String, at place: SourceRange?, isDefault: Bool = false) -> Explanation.Difference
      {
        Explanation.Difference(
          cell: planned.cell.name, what: what, before: words(difference.before), now: words(difference.now), position: place,
          isDefault: isDefault)
      }
      switch difference.part {
      case .parameter(let path):
        let field = "with.\(path.joined(separator: "."))"
        let origin = origin(of: field, among: origins)
        let place = origin.map { $0.literal ?? $0.use } ?? planned.cell.position(of: .parameter(path))
        return found(field, text, at: place, isDefault: origin != nil && place == nil)
      case .file(let field):
        let place = origin(of: "with.\(field)", among: origins)?.literal ?? planned.cell.position(of: .parameter([field]))
        return found("content of \(field)", short, at: place)
      case .version: return found("version of stage \(planned.identity.stage)", text, at: nil)
      case .uses(let name): return found("version of \(name)", text, at: nil)
      case .stage: return found("stage", text, at: planned.cell.position(of: .stage))
      }
    }
  }

  /// The value itself, the first item of a list, or the value that the path leads into.
  private static func origin(of path: String, among origins: [ValueOrigin]) -> ValueOrigin? {
    origins.first { $0.path == path } ?? origins.first { $0.path.hasPrefix(path + "[") || $0.path.hasPrefix(path + ".") }
      ?? origins.first { path.hasPrefix($0.path + ".") && $0.literal != nil }
  }

  private static func text(_ value: JSONValue) -> String {
    value == .null ? "absent" : value.text ?? String(decoding: value.encoded(), as: UTF8.self)
  }

  private static func short(_ digest: JSONValue) -> String { digest.text.map { String($0.prefix(12)) } ?? "absent" }
}
