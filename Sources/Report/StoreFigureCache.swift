import ArtifactStore
import Basics

/// Keeps figures as objects of the store, so that a report of cached results draws nothing.
struct StoreFigureCache: FigureCache {
  let store: ArtifactStore

  func figure(for key: Digest) -> RenderedFigure? {
    guard let artifact = try? store.lookup(resultKey(key))?.outputs["figure"], let svg = try? store.read(artifact.part("svg")),
      let pdf = try? store.read(artifact.part("pdf")), let csv = try? store.read(artifact.part("csv"))
    else { return nil }
    return RenderedFigure(svg: svg, pdf: pdf, csv: csv)
  }

  func keep(_ figure: RenderedFigure, for key: Digest) {
    do {
      let parts = try [("svg", figure.svg), ("pdf", figure.pdf), ("csv", figure.csv)].map { name, bytes in
        Artifact.Part(name: name, object: try store.put(bytes))
      }
      let artifact = Artifact(type: "figure", parts: parts, facts: .null)
      _ = try store.publish(ResultManifest(stage: "figure", version: 1, ownKey: key, outputs: ["figure": artifact]), as: resultKey(key))
    } catch {
      // A cache that cannot write is slow, not wrong.
    }
  }

  /// A PDF carries the date of its making, so the key names one drawing, never its bytes; no numerics are involved.
  private func resultKey(_ key: Digest) -> ResultKey { ResultKey(semantic: key, profile: Digest(of: "figure")) }
}
