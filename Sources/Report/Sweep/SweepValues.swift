import Basics
package import Results

/// The values of one row, by what they are.
package struct SweepValues: Sendable {
  package var training: Curve?
  package var norms: Curve?
  var delta: Curve?
  var singleStep: Curve?
  var scores = RowScores()

  init(_ ports: [String: StoredResult], place: String, notes: inout [String]) {
    for (port, value) in ports.sorted(by: { $0.key < $1.key }) {
      let name = "\(place), \(port)"
      do {
        switch try value.decoded() {
        case .scores(let value): scores.add(value, port: port)
        case .curve(let curve): take(curve, name: name, notes: &notes)
        case .table: notes.append("\(name): a table within a table is not shown")
        }
      } catch {
        notes.append("\(name): \(error)")
      }
    }
  }

  private mutating func take(_ curve: Curve, name: String, notes: inout [String]) {
    notes += curve.notes(name)
    let place: WritableKeyPath<SweepValues, Curve?>
    switch curve.subject {
    case .trainingNorms: place = \.training
    case .samplingNorms: place = \.norms
    case .delta: place = \.delta
    case .singleStep: place = \.singleStep
    case nil: return notes.append("\(name): nothing is known of the kind “\(curve.kind.rawValue)”")
    }
    if self[keyPath: place] == nil {
      self[keyPath: place] = curve
    } else {
      notes.append("\(name): a second curve of the same kind; the first is shown")
    }
  }

  /// Fills what is missing with what all rows share.
  func completed(by shared: SweepValues) -> SweepValues {
    var values = self
    values.training = training ?? shared.training
    values.norms = norms ?? shared.norms
    values.delta = delta ?? shared.delta
    values.singleStep = singleStep ?? shared.singleStep
    values.scores = scores.metrics.isEmpty ? shared.scores : scores
    return values
  }
}

/// The figures of merit of a row, in the order of their ports and names.
struct RowScores: Sendable {
  private(set) var metrics: [(name: String, value: Double)] = []
  private(set) var samples: Int?

  fileprivate mutating func add(_ scores: Scores, port: String) {
    samples = samples ?? scores.samples
    for (metric, value) in scores.metrics.sorted(by: { $0.key < $1.key }) {
      metrics.append((metrics.contains { $0.name == metric } ? "\(port).\(metric)" : metric, value))
    }
  }

  subscript(_ name: String) -> Double? { metrics.first { $0.name == name }?.value }
}
