package import Basics

/// Artifacts that are one canonical JSON document: curves, scores, tables.
extension ArtifactStore {
  fileprivate static let documentPart = "data"

  /// Keeps a document as the one object of an artifact.
  package func putDocument(_ document: JSONValue, type: String, facts: JSONValue) throws -> Artifact {
    Artifact(type: type, parts: [Artifact.Part(name: Self.documentPart, object: try put(document.encoded()))], facts: facts)
  }

  /// The document of an artifact, checked against its digest. Throws when it is not an artifact of that form.
  package func document(of artifact: Artifact) throws -> JSONValue { try JSONValue(parsing: read(artifact.document)) }
}

extension Artifact {
  /// The object that holds the document. Throws when the artifact is of another form.
  package var document: ObjectRef { get throws { try part(ArtifactStore.documentPart) } }
}
