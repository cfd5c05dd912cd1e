import ArtifactStore
import Basics
import Planning
import StageRuntime

/// How results of cells and of blocks are written as manifests.
extension ResultManifest {
  /// The result of a cell: one artifact per output port.
  init(outputs: [String: Artifact], identity: CellIdentity) {
    self.init(stage: identity.stage, version: identity.version, ownKey: identity.ownKey, outputs: outputs)
  }

  /// The result of one block: its objects as parts of one artifact. It holds nothing that the block's key does not, so that
  /// runs of other lengths, which share the block, write the same manifest.
  init(block: FinishedBlock, identity: CellIdentity) {
    let parts = block.objects.sorted { $0.key < $1.key }.map { Artifact.Part(name: $0.key, object: $0.value) }
    let artifact = Artifact(type: "block", parts: parts, facts: ["range": JSONValue([block.range.lowerBound, block.range.upperBound])])
    self.init(stage: identity.stage, version: identity.version, ownKey: identity.ownKey(of: block.range), outputs: ["block": artifact])
  }

  /// The block this manifest holds; nil when it is not one.
  func finishedBlock(_ range: Range<Int>) -> FinishedBlock? {
    guard let artifact = outputs["block"] else { return nil }
    return FinishedBlock(
      range: range, objects: Dictionary(artifact.parts.map { ($0.name, $0.object) }, uniquingKeysWith: { first, _ in first }))
  }
}
