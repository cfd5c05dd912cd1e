import Basics
import Results

/// A gathered table, read with patience: values are recognised by their kind and never by the name of their port, and whatever
/// is odd ends as a note and not as an error.
struct SweepTable: Sendable {
  let name: String
  let axes: [String]
  let rows: [SweepRow]
  let notes: [String]

  init(_ table: ReportTable) {
    name = table.name
    var notes: [String] = []
    let shared = SweepValues(table.value.shared, place: "\(table.name), shared", notes: &notes)
    let items = SharedRows.joined(table.value.rows)
    if items.isEmpty { notes.append("\(table.name): the table has no rows") }
    let extra = Set(items.flatMap(\.coordinates.keys)).subtracting(table.value.axes)
    axes = table.value.axes + extra.sorted()
    var rows: [SweepRow] = []
    for (position, item) in items.enumerated() {
      rows.append(SweepRow(item, position: position, axes: axes, shared: shared, table: table.name, notes: &notes))
    }
    self.rows = rows
    self.notes = notes
  }
}

/// The values of one row, by what they are.
struct SweepValues: Sendable {
  var training: Curve?
  var norms: Curve?
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

/// One cell of the sweep.
struct SweepRow: Sendable {
  /// Position in the table: the row's identity.
  let position: Int
  let label: CellLabel
  let coordinates: [Coordinate]
  let values: SweepValues

  init(_ item: GatheredTable.Row, position: Int, axes: [String], shared: SweepValues, table: String, notes: inout [String]) {
    self.position = position
    coordinates = axes.compactMap { axis in item.coordinates[axis].map { Coordinate(axis: axis, value: $0) } }
    values = SweepValues(item.values, place: "\(table), \(item.label)", notes: &notes).completed(by: shared)
    label = CellLabel(coordinates: coordinates, fallback: item.label)
  }

  /// True when lambda is 1 at every step: what the sweep is compared with.
  var isUnscaled: Bool {
    let scalings = coordinates.compactMap(\.scaling)
    if !scalings.isEmpty { return scalings.allSatisfy { $0.k == 0 && $0.b == 1 } }
    let lambda = values.norms?.series[.lambda] ?? values.delta?.series[.lambda] ?? []
    return !lambda.isEmpty && lambda.allSatisfy { $0 == 1 }
  }
}
