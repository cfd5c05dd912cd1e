import ArtifactStore
import Basics
import StageRuntime
import StageSchema

/// What flows into a program, as read-only files in the store's own formats:
///
///     inputs/PORT.json                     a curve, scores or a table
///     inputs/PORT/00000.safetensors …      samples and datasets, part by part in their order
///     inputs/PORT/weights.safetensors …    networks, by the names of their parts
///     inputs/PORT/facts.json               what is known of them, and their files in order
///     inputs/PORT/0.json, inputs/PORT/0/   gathered items, listed with their coordinates in inputs/PORT/index.json
struct CommandInputs {
  private let inputs: StageInputs

  init(_ inputs: StageInputs) { self.inputs = inputs }

  func place(in folder: CommandFolder, _ context: StageContext) throws {
    for (port, items) in inputs.items.sorted(by: { $0.key < $1.key }) {
      let base = "\(CommandFolder.inputs)/\(port)"
      if items.count == 1, let item = items.first, item.coordinates.isEmpty {
        _ = try place(item.artifact, at: base, folder, context)
        continue
      }
      try folder.makeFolder(base)
      let index = try items.enumerated().map { number, item -> JSONValue in
        let ending = try place(item.artifact, at: "\(base)/\(number)", folder, context)
        let coordinates = Dictionary(item.coordinates.map { ($0.axis, $0.value.json) }, uniquingKeysWith: { first, _ in first })
        return ["path": .text("\(number)\(ending)"), "label": .text(item.label), "coordinates": .object(coordinates)]
      }
      try folder.write(.list(index), to: "\(base)/index.json")
    }
  }

  /// Returns what `base` was continued with: `.json` for a file, nothing for a folder.
  private func place(_ artifact: Artifact, at base: String, _ folder: CommandFolder, _ context: StageContext) throws -> String {
    switch PortType(rawValue: artifact.type) {
    case .curve, .scores, .table:
      try context.store.copy(artifact.document, to: "\(folder.path)/\(base).json")
      return ".json"
    case let type:
      let isNumbered = type == .samples || type == .dataset
      try folder.makeFolder(base)
      var files: [JSONValue] = []
      for (number, part) in artifact.parts.enumerated() {
        try context.checkCancelled()
        let digits = String(number)
        let name = (isNumbered ? String(repeating: "0", count: max(0, 5 - digits.count)) + digits : part.name) + ".safetensors"
        try context.store.copy(part.object, to: "\(folder.path)/\(base)/\(name)")
        files.append(.text(name))
      }
      let facts: JSONValue = ["type": .text(artifact.type), "facts": artifact.facts, "files": .list(files)]
      try folder.write(facts, to: "\(base)/facts.json")
      return ""
    }
  }
}
