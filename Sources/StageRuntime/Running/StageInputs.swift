public import ArtifactStore
public import Basics
public import StageSchema

/// What flows into a running stage: artifacts, port by port, in a fixed order, and files from outside of the store.
public struct StageInputs: Sendable {
  public struct Item: Sendable {
    /// The gathered axes with this item's values, in the order of declaration; empty when nothing was gathered.
    public let coordinates: [(axis: String, value: ParameterValue)]
    /// How messages and tables name the item: `scaling.b=1.02`; empty when nothing was gathered.
    public let label: String
    public let artifact: Artifact

    public init(coordinates: [(axis: String, value: ParameterValue)], label: String, artifact: Artifact) {
      self.coordinates = coordinates
      self.label = label
      self.artifact = artifact
    }
  }

  public let items: [String: [Item]]
  /// Content digests of files outside of the store that the key holds, as `StageInference.files` named them.
  public let files: [String: Digest]

  let memory = CellMemory()

  public init(_ items: [String: [Item]], files: [String: Digest] = [:]) {
    self.items = items
    self.files = files
  }

  /// The one artifact on a port.
  public func artifact(_ port: String) throws -> Artifact {
    guard let found = items[port], found.count == 1 else {
      throw PlumbError("input \(port) must carry one artifact", found: "\(items[port]?.count ?? 0)")
    }
    return found[0].artifact
  }
}
