import Planning

/// The cells of a stage as a group of a scheduler, with the lanes that the file grants the stage.
struct StageGroups {
  private let numbers: [String: Int]
  /// By number; a stage without a limit of its own has none.
  let limits: [Int: Int]

  init(_ plan: Plan) {
    var (numbers, limits): ([String: Int], [Int: Int]) = ([:], [:])
    for stage in plan.cells.map(\.cell.stage) where numbers[stage] == nil {
      limits[numbers.count] = plan.stageLanes[stage]
      numbers[stage] = numbers.count
    }
    (self.numbers, self.limits) = (numbers, limits)
  }

  func number(of planned: PlannedCell) -> Int { numbers[planned.cell.stage] ?? 0 }
}
