import ArtifactStore
import Basics
import Foundation
import PipelineLanguage
import Planning
import StageSchema

/// Where the files of a pipeline lie in its bundle: below one folder, at the places they have to each other.
struct BundleLayout {
  /// A file or folder that stages read, and where the pipeline names it.
  struct Outside {
    /// As the pipeline means it: absolute, its own links not followed; links to the folder of a text that names it are.
    var path: String
    /// What planning found; nil for a folder, whose files are digested one by one.
    let digest: Digest?
    /// Whether it is named in a text that comes along, by a path relative to that.
    let isRelative: Bool
  }

  /// The pipeline, its imports and its parameter files, without those that came by address.
  let sources: [SourceText]
  /// Without doubles, in the order of their paths.
  let outside: [Outside]
  /// The folder of this machine that becomes the folder a bundle is unpacked to.
  private let root: String

  init(_ workspace: Workspace, plan: Plan) {
    let pipeline = workspace.pipeline
    sources = ([pipeline.source] + pipeline.imports.map(\.source) + pipeline.overlays).filter { $0.path != nil }
    // A project may be reached through a link: texts are known by their true places, and so are files named relative to them.
    let folders = Dictionary(
      sources.compactMap(\.path).map { path in
        (Self.folder(URL(fileURLWithPath: path).standardizedFileURL.path), Self.folder(FileSource.canonical(path)))
      }, uniquingKeysWith: { first, _ in first })
    var found: [String: Outside] = [:]
    for planned in plan.cells {
      for var outside in Self.outside(of: planned) {
        if let folder = folders.keys.filter({ outside.path.hasPrefix($0 + "/") }).max(by: { $0.count < $1.count }) {
          outside.path = (folders[folder] ?? folder) + outside.path.dropFirst(folder.count)
        }
        if found[outside.path]?.isRelative ?? true { found[outside.path] = outside }
      }
    }
    outside = found.values.sorted { $0.path < $1.path }
    let own = sources.compactMap(\.path).map(FileSource.canonical)
    // Files of the project come along even when they lie beside the pipeline's folder; /data of this machine does not.
    let project = FileSource.canonical((workspace.store.root as NSString).deletingLastPathComponent)
    let isProject = project != "/" && own.allSatisfy { $0.hasPrefix(project + "/") }
    let near = isProject ? outside.filter { $0.isRelative && $0.path.hasPrefix(project + "/") }.map(\.path) : []
    root = Self.common((own + near).map(Self.folder))
  }

  /// The path of a text below the folder; nil when it is no file.
  func place(_ source: SourceText) -> String? { source.path.map(FileSource.canonical).flatMap(place) }

  /// The path of a file below the folder; nil when it lies elsewhere.
  func place(_ path: String) -> String? {
    let prefix = root == "/" ? "/" : root + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : nil
  }

  /// What the parameters of a cell name. A name that a flag gives, or that is absolute, leads elsewhere once unpacked.
  private static func outside(of planned: PlannedCell) -> [Outside] {
    let paths = planned.cell.descriptor.parameters.filter { field in
      switch field.type {
      case .path, .list(of: .path, count: _): true
      default: false
      }
    }
    guard !paths.isEmpty else { return [] }
    return planned.cell.origins { _ in "" }.compactMap { origin in
      guard let field = paths.first(where: { origin.path == "with.\($0.name)" || origin.path.hasPrefix("with.\($0.name)[") }),
        case .text(let path) = origin.value
      else { return nil }
      let files = planned.identity.files
      let name = (path as NSString).lastPathComponent
      let literal = origin.literal.map { $0.text.drop { $0 == "\"" || $0 == "'" } } ?? ""
      let isFlag = origin.literal?.source.kind == .commandLine
      return Outside(
        path: URL(fileURLWithPath: path).standardizedFileURL.path, digest: files[field.name] ?? files["\(field.name).\(name)"],
        isRelative: !isFlag && !literal.hasPrefix("/"))
    }
  }

  private static func folder(_ path: String) -> String { (path as NSString).deletingLastPathComponent }

  private static func common(_ folders: [String]) -> String {
    guard var shared = folders.first?.split(separator: "/") else { return "/" }
    for folder in folders.dropFirst() { shared = zip(shared, folder.split(separator: "/")).prefix { $0 == $1 }.map(\.0) }
    return "/" + shared.joined(separator: "/")
  }
}
