import ArtifactStore
package import Basics
package import Results

extension ArtifactStore {
  /// The record of a run; nil when there is none of that id. Throws when it cannot be read, or is that of another run.
  package func record(of id: RunID) throws -> RunRecord? {
    guard let json = try runRecord(id) else { return nil }
    let place = "\(runFolder(id))/run.json"
    do {
      return try RunRecord(json: json)
    } catch let error as PlumbError {
      throw error.at(place)
    }
  }
}
