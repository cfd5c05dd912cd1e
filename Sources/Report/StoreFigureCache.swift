package import ArtifactStore
package import Basics

/// Keeps figures and sample grids as objects of the store, so that a report of cached results draws nothing.
package struct StoreFigureCache: FigureCache {
  let store: ArtifactStore

  package init(store: ArtifactStore) { self.store = store }

  private enum Kind: String {
    case figure, picture
  }

  package func figure(for key: Digest) -> RenderedFigure? {
    guard let parts = parts(.figure, ["svg", "pdf", "csv"], for: key) else { return nil }
    return RenderedFigure(svg: parts[0], pdf: parts[1], csv: parts[2])
  }

  package func keep(_ figure: RenderedFigure, for key: Digest) {
    keep(.figure, [("svg", figure.svg), ("pdf", figure.pdf), ("csv", figure.csv)], for: key)
  }

  package func picture(for key: Digest) -> [UInt8]? { parts(.picture, ["png"], for: key)?.first }

  package func keep(_ picture: [UInt8], for key: Digest) { keep(.picture, [("png", picture)], for: key) }

  /// The named parts in their order; nil when one of them cannot be read.
  private func parts(_ kind: Kind, _ names: [String], for key: Digest) -> [[UInt8]]? {
    guard let artifact = try? store.lookup(resultKey(kind, key))?.outputs[kind.rawValue] else { return nil }
    let parts = names.compactMap { try? store.read(artifact.part($0)) }
    return parts.count == names.count ? parts : nil
  }

  private func keep(_ kind: Kind, _ parts: [(name: String, bytes: [UInt8])], for key: Digest) {
    do {
      let kept = try parts.map { Artifact.Part(name: $0.name, object: try store.put($0.bytes)) }
      let artifact = Artifact(type: kind.rawValue, parts: kept, facts: .null)
      let manifest = ResultManifest(stage: kind.rawValue, version: 1, ownKey: key, outputs: [kind.rawValue: artifact])
      _ = try store.publish(manifest, as: resultKey(kind, key))
    } catch {
      // A cache that cannot write is slow, not wrong.
    }
  }

  /// A PDF carries the date of its making, so the key names one drawing, never its bytes; no numerics are involved.
  private func resultKey(_ kind: Kind, _ key: Digest) -> ResultKey { ResultKey(semantic: key, profile: Digest(of: kind.rawValue)) }
}
