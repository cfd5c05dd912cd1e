import ArtifactStore
import Basics
import Results
import StageSchema

/// The figures of merit of a run, read from the results its record names.
struct RunScores: Sendable {
  struct Row: Sendable {
    let cell: String
    /// Values along the axes; fields of maps joined by dots (`scaling.b`).
    let coordinates: [String: JSONValue]
    let metrics: [String: Double]
  }

  let rows: [Row]

  /// The points of the axes that the run's cells stand on, without figures; one when nothing varies.
  static func points(_ record: RunRecord) -> [Row] {
    let cells = record.cells.map { (name: $0.name, coordinates: flat(.object($0.coordinates))) }
    let most = cells.map(\.coordinates.count).max() ?? 0
    var seen: Set<[String: JSONValue]> = []
    return cells.filter { $0.coordinates.count == most && seen.insert($0.coordinates).inserted }.map {
      Row(cell: $0.name, coordinates: $0.coordinates, metrics: [:])
    }
  }

  /// Scores whose results are gone are left out.
  init(_ record: RunRecord, store: ArtifactStore) {
    rows = record.cells.compactMap { cell in
      guard let profile = record.profileDigest, let key = cell.key, cell.outputs != nil,
        let result = (try? store.lookup(ResultKey(semantic: key, profile: profile))).flatMap({ $0 }),
        let artifact = result.outputs.values.first(where: { $0.type == PortType.scores.rawValue }),
        let scores = try? Scores(json: store.document(of: artifact))
      else { return nil }
      return Row(cell: cell.name, coordinates: Self.flat(.object(cell.coordinates)), metrics: scores.metrics)
    }
  }

  /// The scalars of a value by path.
  static func flat(_ value: JSONValue, at path: String = "") -> [String: JSONValue] {
    guard case .object(let fields) = value else { return path.isEmpty ? [:] : [path: value] }
    return fields.reduce(into: [:]) { flat, field in
      flat.merge(Self.flat(field.value, at: path.isEmpty ? field.key : "\(path).\(field.key)")) { first, _ in first }
    }
  }
}
