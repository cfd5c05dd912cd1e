import Basics
import Foundation
import PipelineLanguage
import Planning
import StageSchema
import Stages
import Testing

/// Over the shipped pipelines: what changes the text alone changes no key, what changes meaning changes the keys downstream.
@Suite struct KeyPropertyTests {
  struct Shipped: Sendable, CustomTestStringConvertible {
    let name: String
    var overrides: [String] = []
    var testDescription: String { name }

    /// The text, with paths that hold wherever it is put.
    var text: String {
      get throws {
        try String(contentsOfFile: "\(TinyRun.repository)/Pipelines/\(name).plumb.yaml", encoding: .utf8)
          .replacing(": digits/", with: ": \(TinyRun.digits)/")
      }
    }
  }

  static let shipped = [
    Shipped(name: "digits-es"), Shipped(name: "paper/adm-cifar10", overrides: ["first=0,50000"]),
    Shipped(
      name: "paper/edm-cifar10",
      overrides: [
        "checkpoint=\(TinyRun.repository)/Tests/Golden/edm/sampler-heun/weights.pkl",
        "pictures=\(TinyRun.repository)/Tests/Data/pictures/pictures-8.npz", "samples=16", "measured=16",
      ]),
  ]

  private func plan(_ text: String, _ overrides: [String]) throws -> Plan {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-properties-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
    let request = Workspace.Request(file: folder + "/p.plumb.yaml", overrides: overrides, store: folder + "/store", lanes: 2)
    let workspace = try Workspace(request, catalogue: StageTable.plumbline)
    return try workspace.plan(history: workspace.history())
  }

  /// Keys by the name of the cell.
  private func keys(_ plan: Plan) -> [String: Digest] {
    Dictionary(plan.cells.map { ($0.cell.name, $0.recipeKey) }, uniquingKeysWith: { first, _ in first })
  }

  @Test(arguments: shipped) func commentsNamesPlacesAndOrderChangeNoKey(_ file: Shipped) throws {
    let text = try file.text
    let before = Set(try keys(plan(text, file.overrides)).values)
    let changes: [(String, String)] = [
      ("comments", text.split(separator: "\n", omittingEmptySubsequences: false).map { "\($0)  # a word" }.joined(separator: "\n")),
      ("another name", text.replacing(/name: [a-z0-9-]+/, with: "name: other")),
      ("stages in reverse", Self.reversedStages(text)),
      ("fields in reverse", Self.reversedFields(text)),
    ]
    for (what, changed) in changes {
      try #require(changed != text, "\(what) changes nothing in \(file.name)")
      #expect(Set(try keys(plan(changed, file.overrides)).values) == before, "\(what) changed a key of \(file.name)")
    }
  }

  @Test(arguments: shipped) func renamingAnyStageChangesNoKey(_ file: Shipped) throws {
    let text = try file.text
    let original = try plan(text, file.overrides)
    for stage in Set(original.cells.filter { !$0.cell.declaration.isImplied }.map(\.cell.stage)).sorted() {
      // At its declaration and wherever it is taken from; a kind or a port of the same name stays.
      var renamed = text.replacing("\n  \(stage):", with: "\n  other-\(stage):")
      for start in [": ", "["] {
        for end in [",", ".", "}", "]", "["] {
          renamed = renamed.replacing("\(start)\(stage)\(end)", with: "\(start)other-\(stage)\(end)")
        }
      }
      renamed = renamed.replacing("uses: other-", with: "uses: ")
      let plan = try plan(renamed, file.overrides)
      #expect(plan.cells.contains { $0.cell.stage == "other-\(stage)" })
      #expect(Set(keys(plan).values) == Set(keys(original).values), "renaming \(stage) changed a key of \(file.name)")
    }
  }

  @Test(arguments: shipped) func aChangedFieldChangesExactlyTheKeysDownstream(_ file: Shipped) throws {
    let text = try file.text
    let before = try plan(text, file.overrides)
    let old = keys(before)
    var changes = 0
    for cell in before.cells where before.cells.first(where: { $0.cell.stage == cell.cell.stage })?.cell.id == cell.cell.id {
      for field in cell.cell.descriptor.parameters {
        guard cell.cell.declaration.fields.first(where: { $0.field.name == field.name })?.axes.isEmpty ?? true else { continue }
        for (path, value) in Self.others(field.type, cell.cell.parameters[field.name] ?? .null, at: field.name) {
          // What contradicts another field is refused, and so has no keys.
          guard let after = try? plan(text, file.overrides + ["\(cell.cell.stage).with.\(path)=\(value)"]) else { continue }
          let changed = Set(keys(after).filter { old[$0.key] != $0.value }.keys)
          let own = Set(
            zip(before.cells, after.cells).filter { $0.0.cell.stage == cell.cell.stage && $0.0.identity != $0.1.identity }
              .map(\.1.cell.name))
          #expect(changed == Self.downstream(of: own, in: after), "\(file.name): \(cell.cell.stage).with.\(path)=\(value)")
          if field.role == .identity || field.role == .extent { changes += own.isEmpty ? 0 : 1 }
          if field.role == .presentation || field.role == .execution { #expect(changed.isEmpty, "\(field.name) is in a key") }
        }
      }
    }
    #expect(changes >= 15, "only \(changes) fields of \(file.name) could be changed")
  }

  /// The named cells and every cell that takes from one of them, however far.
  private static func downstream(of names: Set<String>, in plan: Plan) -> Set<String> {
    var reached = names
    for cell in plan.cells {
      let sources = cell.cell.inputs.flatMap { $0.sources.compactMap { plan.cell($0.cell)?.cell.name } }
      if sources.contains(where: reached.contains) { reached.insert(cell.cell.name) }
    }
    return reached
  }

  /// Other values of a field, as `--set` takes them, with the path below `with`.
  private static func others(_ type: ParameterType, _ value: ParameterValue, at path: String) -> [(path: String, value: String)] {
    switch (type, value) {
    case (.bool, let value): [(path, value.bool == true ? "false" : "true")]
    case (.integer, let value): [(path, "\((value.integer ?? 1) + 1)")]
    case (.number, let value): [(path, "\((value.number ?? 0) + 0.0625)")]
    case (.choice(let names), let value): names.filter { $0 != value.text }.map { (path, $0) }
    case (.record(let fields), .record(let values)):
      fields.flatMap { others($0.type, values[$0.name] ?? .null, at: "\(path).\($0.name)") }
    default: []
    }
  }

  /// The stages of a text, last first.
  private static func reversedStages(_ text: String) -> String {
    let parts = text.split(separator: "stages:\n", maxSplits: 1).map(String.init)
    guard parts.count == 2, let end = parts[1].firstRange(of: /\n\n|\n(?=[a-z])/) else { return text }
    var blocks: [[Substring]] = []
    for line in parts[1][..<end.lowerBound].split(separator: "\n") {
      if line.hasPrefix("   ") { blocks[blocks.count - 1].append(line) } else { blocks.append([line]) }
    }
    return parts[0] + "stages:\n" + blocks.reversed().joined().joined(separator: "\n") + parts[1][end.lowerBound...]
  }

  /// Every mapping of plain fields in braces, last field first.
  private static func reversedFields(_ text: String) -> String {
    text.replacing(/(inputs|with): \{([^{}\[\]]*)\}/) { match in
      "\(match.1): {\(match.2.split(separator: ", ").reversed().joined(separator: ", "))}"
    }
  }
}
