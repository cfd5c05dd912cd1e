import Basics

/// The stages a pipeline can use, by name, and what of their arithmetic lies outside the engine.
public struct StageTable: Sendable {
  public let stages: [any Stage.Type]
  /// Digests of fixed runs of what stages compute beside the engine: part of the numerics profile.
  public let probes: @Sendable () throws -> [String: Digest]

  public init(_ stages: [any Stage.Type], probes: @escaping @Sendable () throws -> [String: Digest] = { [:] }) {
    self.stages = stages
    self.probes = probes
  }

  public var descriptors: [StageDescriptor] { stages.map { $0.descriptor } }

  public func stage(_ name: String) -> (any Stage.Type)? { stages.first { $0.descriptor.name == name } }
}
