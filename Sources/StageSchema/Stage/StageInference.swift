public import Basics

/// What a stage knows before it runs.
public struct StageInference: Sendable {
  /// What leaves each output port.
  public var outputs: [String: any PortFacts]
  /// Versions of what the stage uses beyond itself ("network adm-unet", "sampler ddpm", "engine"): part of the key.
  public var versions: [String: Int]
  /// Content digests of outside files, by parameter name: part of the key in place of their paths.
  public var files: [String: Digest]
  /// Parameters that only name where something is, or that were replaced by `files`: not part of the key.
  public var unkeyed: Set<String>
  /// What parameters mean, where they may be left out or written in several ways: part of the key in their place.
  public var meant: [String: ParameterValue]

  public init(
    outputs: [String: any PortFacts], versions: [String: Int] = [:], files: [String: Digest] = [:], unkeyed: Set<String> = [],
    meant: [String: ParameterValue] = [:]
  ) {
    self.outputs = outputs
    self.versions = versions
    self.files = files
    self.unkeyed = unkeyed
    self.meant = meant
  }
}
