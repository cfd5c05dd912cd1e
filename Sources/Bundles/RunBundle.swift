import ArtifactStore
import Basics
import Checkpoints
import Execution
import Foundation
import PipelineLanguage
import Planning
import StageSchema

/// One file that holds a run: the pipeline with everything it imports, its lock, the files it read, its record, and the
/// artifacts that were chosen. Somebody else unpacks it and runs, verifies or reads it.
public struct RunBundle: Sendable {
  let index: BundleIndex
  let record: RunRecord
  let lock: Lock
  private let sources: [String: [UInt8]]
  /// Outside files by their path in the bundle.
  private let outside: [String: String]
  private let objects: [ObjectRef]
  private let store: ArtifactStore

  /// - Parameters:
  ///   - plan: of the computation the run made, on the store the run is in.
  ///   - cells: whose outputs and blocks go in; nil for all cells.
  ///   - takesFiles: whether outside files (weights, datasets) go in.
  public init(_ record: RunRecord, workspace: Workspace, plan: Plan, cells: Set<String>? = nil, takesFiles: Bool = true) throws {
    self.record = record
    store = workspace.store
    lock = Lock(workspace, plan: plan)
    let layout = BundleLayout(workspace, plan: plan)
    var sources: [String: [UInt8]] = [:]
    for source in layout.sources { if let path = layout.place(source) { sources[path] = source.bytes } }
    guard let pipeline = layout.place(workspace.pipeline.source) else {
      throw PlumbError("the pipeline is not a file", kind: .input, at: workspace.request.file)
    }
    sources[Lock.path(of: pipeline)] = lock.json.encoded(pretty: true)
    self.sources = sources

    var files = sources.mapValues { Digest(of: $0) }
    var absent: [String: Digest] = [:]
    var outside: [String: String] = [:]
    for (path, digest) in layout.outsideFiles {
      if takesFiles, let place = layout.place(path), Self.isFile(path) {
        outside[place] = path
        files[place] = digest
      } else {
        absent[path] = digest
      }
    }
    self.outside = outside
    let (results, objects) = try Self.artifacts(of: record, plan: plan, cells: cells, in: workspace.store)
    self.objects = objects
    index = BundleIndex(
      run: record.id, pipeline: pipeline, parameterFiles: workspace.pipeline.overlays.compactMap { layout.place($0) }, files: files,
      absent: absent, objects: objects.map(\.digest), results: results)
  }

  private static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }

  /// The results and objects of the run's cells, blocks included.
  private static func artifacts(
    of record: RunRecord, plan: Plan, cells: Set<String>?, in store: ArtifactStore
  ) throws -> ([BundleIndex.Result], [ObjectRef]) {
    guard let profile = record.json["profile_digest"]?.text.flatMap({ Digest(hex: $0) }) else {
      throw PlumbError("the record of the run names no numerics profile", kind: .input, at: record.id)
    }
    var results: [BundleIndex.Result] = []
    var objects: Set<ObjectRef> = []
    var known: [Int: ResultManifest] = [:]
    func take(_ key: Digest) throws -> ResultManifest? {
      let key = ResultKey(semantic: key, profile: profile)
      return try store.lookup(key)
    }
    func keep(_ key: Digest, _ manifest: ResultManifest) throws {
      guard let bytes = try store.carried(ResultKey(semantic: key, profile: profile)) else { return }
      let result = BundleIndex.Result(semantic: key, profile: profile, sha256: Digest(of: bytes))
      if !results.contains(result) { results.append(result) }
      objects.formUnion(manifest.objects)
    }
    for planned in plan.cells {
      let canonical = InputEncoding.canonical(planned.cell) { source in
        known[source.cell]?.outputs[source.output].map { .digest($0.digest) }
      }
      guard let canonical, case let key = planned.identity.key(inputs: canonical), let manifest = try take(key) else { continue }
      known[planned.cell.id] = manifest
      guard cells?.contains(planned.cell.name) ?? true else { continue }
      try keep(key, manifest)
      for range in (planned.stage as? any Blocked)?.blockRanges ?? [] {
        let key = planned.identity.blockKey(range, inputs: canonical)
        if let block = try take(key) { try keep(key, block) }
      }
    }
    return (results, objects.sorted { $0.digest < $1.digest })
  }

  /// Writes the bundle, whole or not at all.
  public func write(to path: String) throws {
    try ZipFolder.write(path) { add in
      try add(BundleIndex.name, index.json.encoded(pretty: true))
      try add(BundleIndex.record, record.json.encoded(pretty: true))
      for (place, bytes) in sources.sorted(by: { $0.key < $1.key }) { try add(BundleIndex.member(file: place), bytes) }
      for (place, path) in outside.sorted(by: { $0.key < $1.key }) {
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
        guard Digest(of: bytes) == index.files[place] else {
          throw PlumbError("the file is not what the run read", at: path, expected: index.files[place]?.hex, found: Digest(of: bytes).hex)
        }
        try add(BundleIndex.member(file: place), bytes)
      }
      for result in index.results {
        let key = ResultKey(semantic: result.semantic, profile: result.profile)
        guard let bytes = try store.carried(key) else {
          throw PlumbError("a result went away while it was packed", at: result.semantic.hex)
        }
        try add(BundleIndex.member(result: result), bytes)
      }
      for object in objects { try add(BundleIndex.member(object: object.digest), try store.read(object)) }
    }
  }

  /// What went in, in words.
  public var summary: String {
    var text = "\(index.files.count) files, \(index.results.count) results, \(index.objects.count) objects"
    for (path, digest) in index.absent.sorted(by: { $0.key < $1.key }) { text += "\nnot in it: \(path) (sha256 \(digest.hex))" }
    return text
  }
}
