import ArtifactStore
import Basics
import Checkpoints
import Execution
import Foundation
import PipelineLanguage
package import Planning
package import Results
import StageSchema

/// One file that holds a run: the pipeline with everything it imports, its lock, the files it read, its record, and the
/// artifacts that were chosen. Somebody else unpacks it and runs, verifies or reads it.
public struct RunBundle: Sendable {
  let index: BundleIndex
  let record: RunRecord
  let lock: Lock
  private let sources: [String: [UInt8]]
  /// Outside files by their path in the bundle.
  private let outside: [String: BundleFiles.File]
  private let objects: [ObjectRef]
  private let store: ArtifactStore

  /// - Parameters:
  ///   - plan: of the computation the run made, on the store the run is in.
  ///   - cells: whose outputs and blocks go in; nil for all cells.
  ///   - takesFiles: whether outside files (weights, datasets) go in.
  package init(_ record: RunRecord, workspace: Workspace, plan: Plan, cells: Set<String>? = nil, takesFiles: Bool = true) throws {
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

    let found = try BundleFiles(layout, takesFiles: takesFiles)
    outside = found.files
    let files = sources.mapValues { Digest(of: $0) }.merging(found.files.mapValues(\.digest)) { own, _ in own }
    let (results, objects) = try Self.artifacts(of: record, plan: plan, cells: cells, in: workspace.store)
    self.objects = objects
    index = BundleIndex(
      run: record.id, pipeline: pipeline, parameterFiles: workspace.pipeline.overlays.compactMap { layout.place($0) }, files: files,
      absent: found.absent, objects: objects.map(\.digest), results: results)
  }

  /// The results and objects of the run's cells, blocks included.
  private static func artifacts(
    of record: RunRecord, plan: Plan, cells: Set<String>?, in store: ArtifactStore
  ) throws -> ([BundleIndex.Result], [ObjectRef]) {
    let profile = try record.requiredProfile()
    var results: [BundleIndex.Result] = []
    var seen: Set<Digest> = []
    var objects: Set<ObjectRef> = []
    var known: [Int: ResultManifest] = [:]
    func keep(_ key: ResultKey, _ manifest: ResultManifest) {
      // Cells of one key have one result.
      guard seen.insert(key.semantic).inserted else { return }
      results.append(BundleIndex.Result(semantic: key.semantic, profile: profile, sha256: Digest(of: manifest.encoded(under: key))))
      objects.formUnion(manifest.objects)
    }
    for planned in plan.cells {
      let canonical = InputEncoding.canonical(planned.cell) { source in
        known[source.cell]?.outputs[source.output].map { .digest($0.digest) }
      }
      guard let canonical, case let key = ResultKey(semantic: planned.identity.key(inputs: canonical), profile: profile),
        let manifest = try store.lookup(key)
      else { continue }
      known[planned.cell.id] = manifest
      guard cells?.contains(planned.cell.name) ?? true else { continue }
      keep(key, manifest)
      var keys = BlockKeys(planned.identity, inputs: canonical)
      guard let stage = planned.stage as? any Blocked else { continue }
      for range in stage.blocks.ranges {
        let key = ResultKey(semantic: keys.key(range), profile: profile)
        if !seen.contains(key.semantic), let block = try store.lookup(key) { keep(key, block) }
      }
    }
    return (results, objects.sorted { $0.digest < $1.digest })
  }

  /// Writes the bundle, whole or not at all. Throws an error of kind `interrupted` once `isCancelled` says so.
  public func write(to path: String, isCancelled: @escaping () -> Bool = { false }) throws {
    var members = [
      ZipFolder.Member(BundleIndex.name, index.json.encoded(pretty: true)),
      ZipFolder.Member(BundleIndex.record, record.json.encoded(pretty: true)),
    ]
    members += sources.sorted { $0.key < $1.key }.map { ZipFolder.Member(BundleIndex.member(file: $0.key), $0.value) }
    members += outside.sorted { $0.key < $1.key }.filter { sources[$0.key] == nil }.map { place, file in
      ZipFolder.Member(BundleIndex.member(file: place), length: file.length) {
        let bytes = try AtomicFile.read(file.path)
        let found = Digest(of: bytes)
        guard found == file.digest else {
          throw PlumbError("the file is not what the run read", at: file.path, expected: file.digest.hex, found: found.hex)
        }
        return bytes
      }
    }
    members += try index.results.map { result in
      let key = ResultKey(semantic: result.semantic, profile: result.profile)
      guard let bytes = try store.carried(key) else {
        throw PlumbError("a result went away while it was packed", at: result.semantic.hex)
      }
      return ZipFolder.Member(BundleIndex.member(result: result), bytes)
    }
    members += objects.map { object in
      ZipFolder.Member(BundleIndex.member(object: object.digest), length: object.length) { try store.read(object) }
    }
    try ZipFolder.write(path, members, isCancelled: isCancelled)
  }

  /// What went in, in words.
  public var summary: String {
    var text = "\(index.files.count) files, \(index.results.count) results, \(index.objects.count) objects"
    for (path, digest) in index.absent.sorted(by: { $0.key < $1.key }) { text += "\nnot in it: \(path) (sha256 \(digest.hex))" }
    return text
  }
}
