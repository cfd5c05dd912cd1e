import Basics

/// The stages a pipeline can use, by name, and the numerics profile of what they compute with.
public struct StageTable: Sendable {
  public let stages: [any Stage.Type]
  /// What can change the bits of their results in this process. Runs the probes at its first use.
  public let profile: @Sendable () throws -> NumericsProfile

  public init(_ stages: [any Stage.Type], profile: @escaping @Sendable () throws -> NumericsProfile) {
    self.stages = stages
    self.profile = profile
  }

  public var descriptors: [StageDescriptor] { stages.map { $0.descriptor } }

  public func stage(_ name: String) -> (any Stage.Type)? { stages.first { $0.descriptor.name == name } }
}
