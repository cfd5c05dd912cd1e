import Basics
import Results

/// A gathered table, read with patience: values are recognised by their kind and never by the name of their port, and whatever
/// is odd ends as a note and not as an error. What its axes are it is told by the run's record.
package struct SweepTable: Sendable {
  let name: String
  let axes: [String]
  package let rows: [SweepRow]
  package let comparison: Comparison
  /// Rows that are compared with one another; empty when nothing is.
  package let groups: [SweepGroup]
  /// Whether there are several draws of one experiment.
  package let hasReplicates: Bool
  /// Every metric any row has, in order of first appearance.
  let metrics: [String]
  package private(set) var changes: [PairedChanges.Change] = []
  package let notes: [String]

  package init(_ table: ReportTable, design: SweepDesign) {
    name = table.name
    var notes: [String] = []
    let shared = SweepValues(table.value.shared, place: "\(table.name), shared", notes: &notes)
    let items = SharedRows.joined(table.value.rows)
    if items.isEmpty { notes.append("\(table.name): the table has no rows") }
    let extra = Set(items.flatMap(\.coordinates.keys)).subtracting(table.value.axes)
    axes = table.value.axes + extra.sorted()
    comparison = Comparison(axes: axes, design: design)
    if !axes.isEmpty, design.axes == nil {
      notes.append(
        "\(table.name): the run was recorded by a version of plumb that did not write down what its axes fill, so no row is compared with"
          + " another. Run the pipeline again to have it recorded; what is cached is not computed again.")
    }
    let lambdas = design.lambdas(along: axes)
    var rows: [SweepRow] = []
    rows.reserveCapacity(items.count)
    for (position, item) in items.enumerated() {
      let coordinates = axes.compactMap { axis in item.coordinates[axis].map { Coordinate(axis: axis, value: $0) } }
      let lambda = lambdas[item.coordinates]
      rows.append(
        SweepRow(
          position: position, coordinates: coordinates, lambda: lambda,
          label: comparison.label(coordinates, lambda: lambda, design: design, fallback: item.label),
          values: SweepValues(item.values, place: "\(table.name), \(item.label)", notes: &notes).completed(by: shared)))
    }
    self.rows = rows
    groups = Self.groups(rows, comparison)
    hasReplicates = Set(rows.map(\.label.replicate)).count > 1
    var seen: Set<String> = []
    metrics = rows.flatMap { row in row.values.scores.metrics.map(\.name).filter { seen.insert($0).inserted } }
    self.notes = notes
    changes = PairedChanges.changes(of: self)
  }
}

/// One cell of the sweep.
package struct SweepRow: Sendable {
  /// Position in the table: the row's identity.
  package let position: Int
  let coordinates: [Coordinate]
  /// nil when it is not known.
  let lambda: Lambda?
  package let label: RowLabel
  package let values: SweepValues
  let measures: RowMeasures

  init(position: Int, coordinates: [Coordinate], lambda: Lambda?, label: RowLabel, values: SweepValues) {
    self.position = position
    self.coordinates = coordinates
    self.lambda = lambda
    self.label = label
    self.values = values
    measures = RowMeasures(values)
  }

  /// True when lambda is 1 at every step: what the sweep is compared with.
  var isUnscaled: Bool {
    if let lambda { return lambda.isOne }
    let recorded = values.norms?.series[.lambda] ?? values.delta?.series[.lambda] ?? []
    return !recorded.isEmpty && recorded.allSatisfy { $0 == 1 }
  }
}
