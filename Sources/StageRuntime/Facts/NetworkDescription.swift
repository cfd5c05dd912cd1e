public import Basics
public import Networks

/// Architecture and configuration of a network, as a network artifact carries them.
public struct NetworkDescription: Sendable, Hashable {
  public let architecture: String
  /// Canonical: every argument of the constructor, defaults filled in.
  public let configuration: JSONValue

  public init(architecture: String, configuration: JSONValue) {
    self.architecture = architecture
    self.configuration = configuration
  }

  public init(_ network: any Network) {
    self.init(architecture: type(of: network).architecture, configuration: network.configuration)
  }

  /// Reads the facts of a network artifact.
  public init(json: JSONValue) throws {
    guard let architecture = json["architecture"]?.text, let configuration = json["configuration"] else {
      throw PlumbError("a network artifact does not describe its network", found: String(decoding: json.encoded(), as: UTF8.self))
    }
    self.init(architecture: architecture, configuration: configuration)
  }

  public var json: JSONValue { ["architecture": .text(architecture), "configuration": configuration] }

  public func network() throws -> any Network {
    try NetworkCatalogue.network(architecture: architecture, configuration: configuration)
  }
}
