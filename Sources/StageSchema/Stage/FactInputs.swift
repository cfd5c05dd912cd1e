public import Basics

/// What is known of an artifact before it exists: enough to refuse a wrong edge, to plan and to count.
///
/// Planning hands facts from the stage that infers them to those that take them in, and never looks inside: what they are is
/// a matter of the stages.
public protocol PortFacts: Sendable {}

/// The facts that flow into a stage, port by port; a gathered port carries one item per gathered cell.
public struct FactInputs: Sendable {
  public let items: [String: [any PortFacts]]
  /// What tells the artifact on a port from others before it is made, for ports that carry one: equal for equal artifacts.
  public let origins: [String: Digest]
  /// The folder in which files that a pipeline names by address are looked for; nothing is fetched into it while planning.
  public let downloads: String
  /// What networks run on: asked when a stage tells its cost.
  public let device: any NetworkDevice

  public init(
    _ items: [String: [any PortFacts]], origins: [String: Digest] = [:], downloads: String = "", device: any NetworkDevice
  ) {
    self.items = items
    self.origins = origins
    self.downloads = downloads
    self.device = device
  }
}
