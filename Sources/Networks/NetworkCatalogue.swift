public import Basics

/// Every architecture the program knows. Adding one is adding a folder and a line here.
public enum NetworkCatalogue {
  public static let all: [any Network.Type] = [
    ADMUNet.self,
    ADMClassifier.self,
    SongUNet.self,
    DhariwalUNet.self,
    DigitsFeatures.self,
    LDMUNet.self,
    Autoencoder<VectorQuantised>.self,
    Autoencoder<GaussianLatents>.self,
    DDIMUNet.self,
    DiT.self,
  ]

  /// The architectures of a role.
  public static func all(_ role: NetworkRole) -> [any Network.Type] { all.filter { $0.role == role } }

  /// The network of this architecture. Throws with the place "architecture" when there is none of that name, else
  /// with the configuration's field at fault.
  public static func network(architecture: String, configuration: JSONValue) throws -> any Network {
    guard let type = all.first(where: { $0.architecture == architecture }) else {
      throw PlumbError(
        "unknown architecture", kind: .input, at: "architecture", expected: all.map { $0.architecture }.joined(separator: ", "),
        found: architecture)
    }
    return try type.init(configuration: configuration)
  }
}
