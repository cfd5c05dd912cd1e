import Basics

/// A `table` artifact, read with patience: values are recognised by their kind and never by the name of their port, and
/// whatever is odd ends as a note and not as an error.
struct SweepTable: Sendable {
  let name: String
  let axes: [String]
  let rows: [SweepRow]
  let notes: [String]

  init(_ table: ReportTable) {
    name = table.name
    var notes: [String] = []
    let value = table.value
    if value["kind"]?.text != "table" { notes.append("\(table.name): this is not a table artifact") }
    let shared = SweepValues(value["shared"] ?? .null, place: "\(table.name), shared", notes: &notes)
    let items = SharedRows.joined(value["rows"]?.list ?? [])
    if items.isEmpty { notes.append("\(table.name): the table has no rows") }
    let named = value["axes"]?.list?.compactMap(\.text) ?? []
    let extra = Set(items.flatMap { ($0["coordinates"]?.object ?? [:]).keys }).subtracting(named)
    axes = named + extra.sorted()
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
  var scores = Scores()

  init(_ ports: JSONValue, place: String, notes: inout [String]) {
    for (port, value) in (ports.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      let name = "\(place), \(port)"
      if value["kind"]?.text == "scores" {
        scores.add(value, port: port, name: name, notes: &notes)
      } else if let curve = Curve(value, name: name) {
        notes += curve.notes
        take(curve, name: name, notes: &notes)
      } else {
        notes.append("\(name): nothing is known of the kind “\(value["kind"]?.text ?? "none")”")
      }
    }
  }

  private mutating func take(_ curve: Curve, name: String, notes: inout [String]) {
    let place: WritableKeyPath<SweepValues, Curve?> =
      switch curve.kind {
      case .trainingNorms: \.training
      case .samplingNorms: \.norms
      case .delta: \.delta
      case .singleStep: \.singleStep
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

/// Named figures of merit, in the order of their names.
struct Scores: Sendable {
  var metrics: [(name: String, value: Double)] = []
  var samples: Int?

  fileprivate mutating func add(_ value: JSONValue, port: String, name: String, notes: inout [String]) {
    samples = samples ?? value["samples"]?.integer
    for (metric, number) in (value["metrics"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let number = number.double, number.isFinite else {
        notes.append("\(name): \(metric) is not a number")
        continue
      }
      let unique = metrics.contains { $0.name == metric } ? "\(port).\(metric)" : metric
      metrics.append((unique, number))
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

  init(_ item: JSONValue, position: Int, axes: [String], shared: SweepValues, table: String, notes: inout [String]) {
    self.position = position
    let given = item["coordinates"]?.object ?? [:]
    coordinates = axes.compactMap { axis in given[axis].map { Coordinate(axis: axis, value: $0) } }
    let name = item["label"]?.text ?? "row \(position + 1)"
    values = SweepValues(item["values"] ?? .null, place: "\(table), \(name)", notes: &notes).completed(by: shared)
    label = CellLabel(coordinates: coordinates, fallback: name)
  }

  /// True when lambda is 1 at every step: what the sweep is compared with.
  var isUnscaled: Bool {
    let scalings = coordinates.compactMap(\.scaling)
    if !scalings.isEmpty { return scalings.allSatisfy { $0.k == 0 && $0.b == 1 } }
    let lambda = values.norms?.series["lambda"] ?? values.delta?.series["lambda"] ?? []
    return !lambda.isEmpty && lambda.allSatisfy { $0 == 1 }
  }
}
