import Basics
import PipelineLanguage
import StageSchema

/// Compares what decides a cell with what decided an earlier one.
enum IdentityComparison {
  /// The paths at which two identities differ, with both values (null for none).
  static func leaves(_ now: JSONValue, _ before: JSONValue, at path: [String] = []) -> [(path: [String], before: JSONValue, now: JSONValue)]
  {
    guard now != before else { return [] }
    guard case .object(let nowFields) = now, case .object(let beforeFields) = before else { return [(path, before, now)] }
    return Set(nowFields.keys).union(beforeFields.keys).sorted().flatMap { name in
      leaves(nowFields[name] ?? .null, beforeFields[name] ?? .null, at: path + [name])
    }
  }

  static func differences(_ planned: PlannedCell, _ before: JSONValue) -> [Explanation.Difference] {
    let leaves = leaves(planned.identity.json, before)
    guard !leaves.isEmpty else { return [] }
    let origins = planned.cell.origins { _ in "" }
    return leaves.map { leaf in
      let section = leaf.path.first ?? ""
      let rest = leaf.path.dropFirst().joined(separator: ".")
      let field = "with.\(rest)"
      switch section {
      case "with", "extent":
        let origin = origin(of: field, among: origins)
        let place = origin.map { $0.literal ?? $0.use } ?? planned.cell.position(of: .parameter(Array(leaf.path.dropFirst())))
        return Explanation.Difference(
          cell: planned.cell.name, what: field, before: text(leaf.before), now: text(leaf.now), position: place,
          isDefault: origin != nil && place == nil)
      case "files":
        return Explanation.Difference(
          cell: planned.cell.name, what: "content of \(rest)", before: short(leaf.before), now: short(leaf.now),
          position: origin(of: field, among: origins)?.literal ?? planned.cell.position(of: .parameter([rest])), isDefault: false)
      default:
        let what = section == "version" ? "version of stage \(planned.identity.stage)" : section == "uses" ? "version of \(rest)" : section
        return Explanation.Difference(
          cell: planned.cell.name, what: what, before: text(leaf.before), now: text(leaf.now),
          position: section == "stage" ? planned.cell.position(of: .stage) : nil, isDefault: false)
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
