import ArtifactStore
public import Basics
import Foundation
import PipelineLanguage
import Results
import StageSchema

/// What a pipeline resolved to: every file that makes it up, the flags laid over it, every cell with its versions, the
/// digests of the outside files it reads, its key, and the digests of its outputs once it has run.
///
/// Kept beside the pipeline as canonical JSON, so that a later run can refuse to be anything else.
public struct Lock: Sendable, Hashable {
  /// A file of the pipeline: itself, an import, or a parameter file.
  public struct File: Sendable, Hashable {
    /// Relative to the pipeline's folder where it lies below it; the address of a file imported by address.
    public let name: String
    public let sha256: Digest
  }

  public struct LockedCell: Sendable, Hashable {
    public let stage: String
    /// Stage, parameters and versions as they enter the key.
    public let identity: JSONValue
    /// Digests of outside files by field.
    public let files: [String: Digest]
    public let recipe: Digest
    /// Digests of the outputs by port; empty while the cell has no result.
    public let outputs: [String: Digest]
  }

  public let pipeline: String
  public let files: [File]
  public let flags: [String]
  public let profile: Digest
  /// What the profile is made of, by name.
  public let profileFields: JSONValue
  public let cells: [String: LockedCell]

  /// What a workspace and its plan are now.
  public init(_ workspace: Workspace, plan: Plan) {
    let pipeline = workspace.pipeline
    self.pipeline = pipeline.name
    let sources = [pipeline.source] + pipeline.imports.map(\.source) + pipeline.overlays
    var files: [File] = []
    for source in sources {
      let file = File(name: Self.name(of: source, in: pipeline.source.directory), sha256: Digest(of: source.bytes))
      if !files.contains(file) { files.append(file) }
    }
    self.files = files
    flags = workspace.request.overrides
    profile = plan.profile.digest
    profileFields = plan.profile.json
    cells = Dictionary(
      plan.cells.map { planned in
        let cell = LockedCell(
          stage: planned.identity.stage, identity: planned.identity.recorded.json, files: planned.identity.files, recipe: planned.recipeKey,
          outputs: planned.result?.outputs.mapValues(\.digest) ?? [:])
        return (planned.cell.name, cell)
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func name(of source: SourceText, in folder: String) -> String {
    guard let path = source.path else { return source.name }
    let prefix = FileSource.canonical(folder) + "/"
    let canonical = FileSource.canonical(path)
    return canonical.hasPrefix(prefix) ? String(canonical.dropFirst(prefix.count)) : canonical
  }

  /// Where the lock of a pipeline file lies: `x.plumb.yaml` has `x.plumb.lock` beside it.
  public static func path(of pipeline: String) -> String {
    for ending in [".yaml", ".yml"] where pipeline.hasSuffix(ending) { return pipeline.dropLast(ending.count) + ".lock" }
    return pipeline + ".lock"
  }
}

extension Lock {
  /// Format 2 calls the key over recipes `recipe_key`, as everything else does; format 1, which called it `recipe`, is read.
  private static let format = 2

  public var json: JSONValue {
    [
      "format": JSONValue(Self.format), "pipeline": .text(pipeline),
      "files": .list(files.map { ["name": .text($0.name), "sha256": .text($0.sha256.hex)] }),
      "set": .list(flags.map(JSONValue.text)), "profile": ["digest": .text(profile.hex), "fields": profileFields],
      "cells": .object(
        cells.mapValues { cell in
          [
            "stage": .text(cell.stage), "identity": cell.identity, "files": .object(cell.files.mapValues { .text($0.hex) }),
            "recipe_key": .text(cell.recipe.hex), "outputs": .object(cell.outputs.mapValues { .text($0.hex) }),
          ]
        }),
    ]
  }

  /// Reads a lock. Throws a `PlumbError` of kind `input` that says what is wrong, at the path.
  public init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PlumbError("there is no lock", kind: .input, at: path, expected: "a file written by plumb lock")
    }
    do {
      try self.init(json: try JSONValue(parsing: Array(data)))
    } catch let error as PlumbError {
      throw PlumbError("the lock cannot be read: \(error)", kind: .input, at: path)
    }
  }

  public init(json: JSONValue) throws {
    try ResultFormat.check(json, newest: Self.format, what: "the lock")
    func digest(_ value: JSONValue?, _ what: String) throws -> Digest {
      guard let digest = value?.text.flatMap({ Digest(hex: $0) }) else { throw PlumbError("no digest", at: what) }
      return digest
    }
    func digests(_ value: JSONValue?, _ what: String) throws -> [String: Digest] {
      guard case .object(let fields)? = value else { throw PlumbError("no digests", at: what) }
      return try Dictionary(uniqueKeysWithValues: fields.map { ($0.key, try digest($0.value, "\(what).\($0.key)")) })
    }
    guard let pipeline = json["pipeline"]?.text, let files = json["files"]?.list, let flags = json["set"]?.list,
      case .object(let cells)? = json["cells"], let fields = json["profile"]?["fields"]
    else { throw PlumbError("not a lock", expected: "pipeline, files, set, profile and cells") }
    self.pipeline = pipeline
    self.files = try files.map { File(name: $0["name"]?.text ?? "", sha256: try digest($0["sha256"], "files")) }
    self.flags = flags.compactMap(\.text)
    profile = try digest(json["profile"]?["digest"], "profile")
    profileFields = fields
    self.cells = try Dictionary(
      uniqueKeysWithValues: cells.map { name, cell in
        let locked = LockedCell(
          stage: cell["stage"]?.text ?? "", identity: cell["identity"] ?? .null, files: try digests(cell["files"], name),
          recipe: try digest(cell["recipe_key"] ?? cell["recipe"], name), outputs: try digests(cell["outputs"], name))
        return (name, locked)
      })
  }
}
