public import Basics

/// The stages a pipeline can use, by name, and what they compute with.
public struct StageTable: Sendable {
  public let stages: [any Stage.Type]
  /// What their networks run on.
  public let device: any NetworkDevice
  private let probes: @Sendable () throws -> [String: Digest]

  /// - Parameter probes: digests of fixed runs of what stages compute beside the device, by name.
  public init(
    _ stages: [any Stage.Type], on device: any NetworkDevice, probes: @escaping @Sendable () throws -> [String: Digest] = { [:] }
  ) {
    self.stages = stages
    self.device = device
    self.probes = probes
  }

  /// What can change the bits of their results in this process. Runs the probes.
  public func profile() throws -> NumericsProfile { try device.profile(furtherProbes: probes()) }

  public var descriptors: [StageDescriptor] { stages.map { $0.descriptor } }

  public func stage(_ name: String) -> (any Stage.Type)? { stages.first { $0.descriptor.name == name } }
}
