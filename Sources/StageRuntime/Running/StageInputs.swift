import ArtifactStore
import Basics
import StageSchema

/// The artifacts that flow into a running stage, port by port, in a fixed order.
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

  public init(_ items: [String: [Item]]) { self.items = items }

  /// The one artifact on a port.
  public func artifact(_ port: String) throws -> Artifact {
    guard let found = items[port], found.count == 1 else {
      throw PlumbError("input \(port) must carry one artifact", found: "\(items[port]?.count ?? 0)")
    }
    return found[0].artifact
  }
}
