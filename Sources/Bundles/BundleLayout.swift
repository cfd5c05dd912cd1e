import Basics
import Foundation
import PipelineLanguage
import Planning
import StageSchema

/// Where the files of a pipeline lie in its bundle: below one folder, at the places they have to each other.
struct BundleLayout {
  /// The pipeline, its imports and its parameter files, without those that came by address.
  let sources: [SourceText]
  /// Files the stages read, by absolute path without links, with their digests.
  let outsideFiles: [String: Digest]
  /// The folder of this machine that becomes the folder a bundle is unpacked to.
  private let root: String

  init(_ workspace: Workspace, plan: Plan) {
    let pipeline = workspace.pipeline
    sources = ([pipeline.source] + pipeline.imports.map(\.source) + pipeline.overlays).filter { $0.path != nil }
    var files: [String: Digest] = [:]
    for planned in plan.cells {
      for (field, digest) in planned.identity.files {
        guard case .text(let path)? = planned.cell.parameters[field] else { continue }
        files[path.hasPrefix("/") ? FileSource.canonical(path) : path] = digest
      }
    }
    outsideFiles = files
    let own = sources.compactMap(\.path).map(FileSource.canonical)
    // Files of the project come along even when they lie beside the pipeline's folder; /data of this machine does not.
    let project = FileSource.canonical((workspace.store.root as NSString).deletingLastPathComponent)
    let near = files.keys.filter { project != "/" && $0.hasPrefix(project + "/") && own.allSatisfy { $0.hasPrefix(project + "/") } }
    root = Self.common((own + near).map { ($0 as NSString).deletingLastPathComponent })
  }

  /// The path of a text below the folder; nil when it is no file.
  func place(_ source: SourceText) -> String? { source.path.map(FileSource.canonical).flatMap(place) }

  /// The path of a file below the folder; nil when it lies elsewhere.
  func place(_ path: String) -> String? {
    let prefix = root == "/" ? "/" : root + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : nil
  }

  private static func common(_ folders: [String]) -> String {
    guard var shared = folders.first?.split(separator: "/") else { return "/" }
    for folder in folders.dropFirst() { shared = zip(shared, folder.split(separator: "/")).prefix { $0 == $1 }.map(\.0) }
    return "/" + shared.joined(separator: "/")
  }
}
