import ArtifactStore
import Basics
import StageSchema

extension ArtifactStore {
  /// Keeps a table, curve or scores as canonical JSON in one object named "data".
  func putJSON(_ value: JSONValue, type: PortType) throws -> Artifact {
    let object = try put(value.encoded())
    return Artifact(type: type.rawValue, parts: [Artifact.Part(name: "data", object: object)], facts: ["kind": value["kind"] ?? .null])
  }
}
