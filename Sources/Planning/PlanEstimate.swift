import StageSchema

/// How long a plan takes, from rates measured on this machine.
public struct PlanEstimate: Sendable {
  /// A chain of cells, each of which waits for the one before it.
  public struct Chain: Sendable {
    public let cells: [PlannedCell]
    /// However many lanes there are, the run takes at least this long; nil without a measured rate.
    public let seconds: Double?
  }

  /// Wall seconds of the whole plan; nil when no rate was measured for the networks' work.
  public let seconds: Double?
  /// The same when every input that may come out equal does.
  public let secondsCertain: Double?
  /// Lane seconds by `Cell.id`; a cell of a kind never timed is absent.
  public let laneSeconds: [Int: Double]
  /// The chain that bounds the time; by operations when there is no rate. Cells without work are left out.
  public let criticalPath: Chain
  /// Stage kinds with work of which no time is known; they count as nothing.
  public let unmeasured: [String]

  public init(_ plan: Plan, rates: MeasuredRates) {
    var laneSeconds: [Int: Double] = [:]
    for cell in plan.cells { laneSeconds[cell.cell.id] = rates.laneSeconds(cell) }
    self.laneSeconds = laneSeconds
    let unknown = plan.cells.filter { $0.hasWork && laneSeconds[$0.cell.id] == nil }
    unmeasured = Set(unknown.map(\.identity.stage)).sorted()
    let isKnown = !unknown.contains { $0.flopsToDo > 0 } && (unknown.isEmpty || !laneSeconds.values.allSatisfy { $0 == 0 })
    let all = Self.longestChain(plan.cells) { isKnown ? laneSeconds[$0.cell.id] ?? 0 : $0.flopsToDo }
    let certain = Self.longestChain(plan.cells) { $0.state == .toDo && isKnown ? laneSeconds[$0.cell.id] ?? 0 : 0 }
    criticalPath = Chain(cells: all.cells, seconds: isKnown ? all.length : nil)
    let lanes = Double(max(1, plan.lanes))
    func wall(_ cells: [PlannedCell], _ chain: Double) -> Double {
      max(chain, cells.reduce(0) { $0 + (laneSeconds[$1.cell.id] ?? 0) } / lanes)
    }
    seconds = isKnown ? wall(plan.cells, all.length) : nil
    secondsCertain = isKnown ? wall(plan.cells.filter { $0.state == .toDo }, certain.length) : nil
  }

  /// The longest way through the cells with work, when every block has a lane of its own.
  private static func longestChain(
    _ cells: [PlannedCell], work: (PlannedCell) -> Double
  ) -> (cells: [PlannedCell], length: Double) {
    var finish: [Int: Double] = [:]
    var before: [Int: Int] = [:]
    var last: (id: Int, finish: Double)?
    for cell in cells {
      let id = cell.cell.id
      var ready = 0.0
      let waitsFor = cell.state == .cached ? [] : cell.twin.map { [$0] } ?? cell.cell.inputs.flatMap { $0.sources.map(\.cell) }
      for other in waitsFor where finish[other] ?? 0 > ready { (ready, before[id]) = (finish[other] ?? 0, other) }
      let share = cell.blocks.map { $0.samplesToDo > 0 ? Double($0.largestToDo) / Double($0.samplesToDo) : 0 } ?? 1
      finish[id] = ready + (cell.hasWork ? work(cell) * share : 0)
      if finish[id] ?? 0 > last?.finish ?? 0 { last = (id, finish[id] ?? 0) }
    }
    let byID = Dictionary(cells.map { ($0.cell.id, $0) }, uniquingKeysWith: { first, _ in first })
    var chain: [PlannedCell] = []
    var next = last?.id
    while let id = next, let cell = byID[id] {
      if cell.hasWork { chain.append(cell) }
      next = before[id]
    }
    return (chain.reversed(), last?.finish ?? 0)
  }
}
