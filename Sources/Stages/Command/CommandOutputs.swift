import ArtifactStore
import Basics
import Foundation
import Networks
import Results
import StageRuntime
import StageSchema

/// What a program declares to write, and its adoption: a file is kept only as what its port promises.
struct CommandOutputs: Sendable {
  static let ports = [
    OutputPort("scores", .scores, optional: true, doc: "Figures of merit the program wrote."),
    OutputPort("samples", .samples, optional: true, doc: "Images the program wrote."),
    OutputPort("curve", .curve, optional: true, doc: "A series the program wrote."),
  ]

  static let field = ParameterField(
    "outputs",
    .record([
      ParameterField(
        "scores", .text, optional: true,
        doc: "A JSON file {\"metrics\": {\"name\": 1.5, …}}, with \"samples\": the number of them if it is known."),
      ParameterField(
        "curve", .text, optional: true,
        doc: "A JSON file {\"kind\": \"delta\", …} with lists of numbers, as train-stats and measure-delta write them."),
      ParameterField(
        "samples",
        .record([
          ParameterField("file", .text, doc: "A safetensors, npz or npy file with an array of uint8, [N, C, H, W]."),
          ParameterField("count", .integer(1...4_000_000_000), unit: "images", doc: "N."),
          ParameterField("image", .list(of: .integer(1...65536), count: 3...3), doc: "C, H and W."),
        ]), optional: true, doc: "Images as bytes."),
    ]), doc: "What the program writes, relative to the folder. Nothing else is kept.")

  private let files: [String: String]
  private let samples: SampleFacts?
  private static let jsonLimit = 64 << 20

  /// The declared files.
  var names: [String] { files.values.sorted() }

  init(_ parameters: StageParameters) throws {
    let record = try parameters.record("outputs")
    var files: [String: String] = [:]
    for output in ["scores", "curve"] { files[output] = record.optionalText(output) }
    if record.value("samples") == .null {
      samples = nil
    } else {
      let declared = try record.record("samples")
      let image = (declared.value("image").list ?? []).compactMap(\.integer)
      guard image.count == 3 else { throw StageIssue(.parameter(["outputs", "samples", "image"]), "an image has three extents") }
      files["samples"] = try declared.text("file")
      let count = try declared.integer("count")
      do {
        let shape = try ImageShape(checking: image[0], height: image[1], width: image[2])
        try shape.checkSet(of: count)
        samples = SampleFacts(count: count, image: shape)
      } catch let error as PlumbError {
        throw StageIssue(.parameter(["outputs", "samples", "image"]), error, reason: .wrongDimensions)
      }
    }
    guard !files.isEmpty else {
      throw StageIssue(.parameter(["outputs"]), "the program declares no output", expected: Self.ports.map(\.name).joined(separator: ", "))
    }
    for (output, name) in files.sorted(by: { $0.key < $1.key }) { try Self.check(name, of: output) }
    guard Set(files.values).count == files.count else {
      throw StageIssue(.parameter(["outputs"]), "two outputs are one file", found: files.values.sorted().joined(separator: ", "))
    }
    self.files = files
  }

  /// Throws unless the name stays in the folder.
  private static func check(_ name: String, of output: String) throws {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isInside = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." } && !name.contains("\0")
    guard isInside, let first = parts.first, !CommandFolder.ownNames.contains(String(first)) else {
      throw StageIssue(
        .parameter(["outputs", output]), "an output is a file in the program's folder",
        expected: "a relative name without .., outside of \(CommandFolder.ownNames.joined(separator: " and "))",
        found: name.printable(limit: 200))
    }
  }

  var facts: [String: any PortFacts] {
    var facts: [String: any PortFacts] = [:]
    if files["scores"] != nil { facts["scores"] = ResultFacts() }
    if files["curve"] != nil { facts["curve"] = ResultFacts() }
    if let samples { facts["samples"] = samples }
    return facts
  }

  var cost: StageCost {
    let bytes = samples.map { $0.count * $0.image.count } ?? 0
    return StageCost(outputBytes: bytes + (files.count << 12), sharedBytes: 2 * bytes)
  }

  /// Makes the folders that the files stand in.
  func makeFolders(in folder: CommandFolder) throws {
    for name in files.values {
      let parent = (name as NSString).deletingLastPathComponent
      if !parent.isEmpty { try folder.makeFolder(parent) }
    }
  }

  /// Keeps every declared output. Throws, naming it, when one is missing or is not what it should be.
  func adopt(from folder: CommandFolder, in context: StageContext) throws -> [String: Artifact] {
    // All are looked for before one is kept.
    let paths = try Dictionary(
      uniqueKeysWithValues: files.sorted { $0.key < $1.key }.map { ($0.key, try folder.written($0.value, for: $0.key)) })
    return try Dictionary(
      uniqueKeysWithValues: paths.sorted { $0.key < $1.key }.map { output, path in
        do {
          return (output, try adopt(output, path, in: context))
        } catch let error as PlumbError {
          guard error.kind != .interrupted else { throw error }
          // The folder is gone when this is read.
          let place = error.place?.replacingOccurrences(of: path, with: "")
          throw PlumbError(
            "\(error.message)\(place.map { $0.isEmpty ? "" : " (\($0.printable(limit: 200)))" } ?? "")",
            at: "output \(output), file \(files[output] ?? "")", expected: error.expected, found: error.found?.printable(limit: 400))
        }
      })
  }

  private func adopt(_ output: String, _ path: String, in context: StageContext) throws -> Artifact {
    switch output {
    case "samples": return try adoptSamples(path, in: context)
    case "curve":
      let document = try document(path)
      return try context.store.put(Curve(json: document), as: document, type: .curve)
    default:
      // Only the metrics have to be there.
      let document = try JSONValue.object((document(path).object ?? [:]).merging(["kind": .text(Scores.kind)]) { $1 })
      return try context.store.put(Scores(json: document), as: document, type: .scores)
    }
  }

  private func adoptSamples(_ path: String, in context: StageContext) throws -> Artifact {
    var array = try SampleArray(path: path, array: nil, isChannelsLast: false)
    let found = SampleFacts(count: array.count, image: array.image)
    guard let samples, samples == found else {
      throw PlumbError(
        "the samples are not those declared", expected: samples.map { "\($0.count) of \($0.image.label)" },
        found: "\(found.count) of \(found.image.label)")
    }
    return try array.adopt(found.count, in: context)
  }

  /// Programs write NaN and Infinity, which JSON has no words for: read as such, they can be named.
  private func document(_ path: String) throws -> JSONValue {
    try JSONValue(parsing: AtomicFile.read(path, limit: Self.jsonLimit), acceptsNonFinite: true)
  }
}
