import PipelineLanguage

/// The natural join of a stage's own axes with the cells that arrive at its ports.
struct CellJoin {
  /// A cell in the making.
  struct Row {
    /// Position of the value along each of the stage's axes, in their order; -1 while it is open.
    var choice: [Int]
    /// For each port so far the cells that arrive there.
    var sources: [[Int]]
  }

  /// Raised when there would be more rows than anyone can want.
  struct TooMany: Error {}

  /// The stage's axes, ascending.
  let axes: [Int]
  let limit: Int
  private(set) var rows: [Row]
  private var bound: Set<Int>

  /// Every choice along the stage's own axes.
  init(_ stage: PipelineStage, counts: [Int], limit: Int) throws {
    axes = stage.axes
    self.limit = limit
    bound = Set(stage.ownAxes)
    rows = [Row(choice: Array(repeating: -1, count: stage.axes.count), sources: [])]
    for axis in stage.ownAxes {
      guard let position = axes.firstIndex(of: axis) else { continue }
      guard rows.count.multipliedReportingOverflow(by: counts[axis]).partialValue <= limit else { throw TooMany() }
      rows = rows.flatMap { row in
        (0..<counts[axis]).map { value in
          var next = row
          next.choice[position] = value
          return next
        }
      }
    }
  }

  /// Joins what arrives at a port: the source's cells that the picks leave, grouped by the axes the port keeps.
  mutating func join(_ input: PipelineInput, cells: some Sequence<(id: Int, choice: [Int])>, sourceAxes: [Int]) throws {
    let picks = input.picks.compactMap { pick in sourceAxes.firstIndex(of: pick.axis).map { (position: $0, value: pick.value) } }
    let kept = input.axes.compactMap { sourceAxes.firstIndex(of: $0) }
    let target = input.axes.compactMap { axes.firstIndex(of: $0) }
    let shared = input.axes.indices.filter { bound.contains(input.axes[$0]) }
    let new = input.axes.indices.filter { !bound.contains(input.axes[$0]) }

    // Groups in the order of their first cell; members keep theirs, which is the declared one.
    var groups: [(key: [Int], ids: [Int])] = []
    var positions: [[Int]: Int] = [:]
    for (id, choice) in cells where picks.allSatisfy({ choice[$0.position] == $0.value }) {
      let key = kept.map { choice[$0] }
      if let position = positions[key] {
        groups[position].ids.append(id)
      } else {
        positions[key] = groups.count
        groups.append((key, [id]))
      }
    }
    var index: [[Int]: [Int]] = [:]
    for (position, group) in groups.enumerated() { index[shared.map { group.key[$0] }, default: []].append(position) }

    var joined: [Row] = []
    joined.reserveCapacity(rows.count)
    for row in rows {
      for position in index[shared.map { row.choice[target[$0]] }] ?? [] {
        var next = row
        for axis in new { next.choice[target[axis]] = groups[position].key[axis] }
        next.sources.append(groups[position].ids)
        joined.append(next)
      }
      guard joined.count <= limit else { throw TooMany() }
    }
    rows = joined
    bound.formUnion(input.axes)
  }

  /// The rows in the order of the axes' values, without those that `isExcluded` names.
  func finished(without isExcluded: ([Int]) -> Bool) -> [Row] {
    rows.filter { !isExcluded($0.choice) }.sorted { $0.choice.lexicographicallyPrecedes($1.choice) }
  }
}
