import ArtifactStore
import Basics
import Results
import StageSchema

extension ArtifactStore {
  /// Keeps a curve, scores or a table as one document; the artifact's facts name its kind.
  func put(_ result: some ResultDocument, type: PortType) throws -> Artifact {
    try put(result, as: result.json, type: type)
  }

  /// The same in the form in which somebody else wrote it: numbers keep theirs.
  func put(_ result: some ResultDocument, as document: JSONValue, type: PortType) throws -> Artifact {
    try putDocument(document, type: type.rawValue, facts: ["kind": .text(result.kindName)])
  }
}
