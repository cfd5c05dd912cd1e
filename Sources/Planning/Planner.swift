public import ArtifactStore
public import Basics
import PipelineLanguage
public import StageSchema

/// Turns cells into a plan: decodes their parameters, lets every stage check what flows in, computes keys and looks
/// them up.
public struct Planner: Sendable {
  public let catalogue: StageTable
  public let store: ArtifactStore
  public let profile: NumericsProfile
  public let lanes: Int
  /// Own keys (`CellIdentity.ownKey`) of results known from earlier runs.
  public let knownOwnKeys: Set<Digest>

  public init(
    catalogue: StageTable, store: ArtifactStore, profile: NumericsProfile, lanes: Int, knownOwnKeys: Set<Digest>
  ) {
    self.catalogue = catalogue
    self.store = store
    self.profile = profile
    self.lanes = lanes
    self.knownOwnKeys = knownOwnKeys
  }

  /// Plans the cells of `wanted` and everything they need. `forced` cells are to do even when cached.
  /// All issues found are returned together; the plan leaves out their cells and what needs them.
  /// - Parameter isCancelled: asked often; once it is true an error of kind `interrupted` is thrown.
  public func plan(
    _ cells: [Cell], wanted: Set<Int>, forced: Set<Int> = [], isCancelled: @escaping () -> Bool = { false }
  ) throws -> (plan: Plan, issues: [PlanningIssue]) {
    let needed = Self.closure(cells, wanted)
    var planned: [Int: PlannedCell] = [:]
    var facts: [Int: StageInference] = [:]
    var issues: [PlanningIssue] = []
    var order: [PlannedCell] = []
    var ledger = PlanLedger(store: store, profile: profile.digest, isCancelled: isCancelled)
    for cell in cells where needed.contains(cell.id) {
      guard let kind = catalogue.stage(cell.descriptor.name) else { continue }
      if isCancelled() { throw PlumbError("interrupted", kind: .interrupted) }
      let sources = cell.inputs.flatMap { $0.sources.map(\.cell) }
      do {
        let stage = try kind.init(parameters: StageParameters(cell.parameters))
        // What follows from a faulty cell is not reported again.
        guard sources.allSatisfy({ facts[$0] != nil }) else {
          try stage.inferAlone(FactInputs([:], downloads: store.downloads, device: catalogue.device))
          continue
        }
        try Self.checkOutputs(of: cell, facts, planned)
        let flowing = FactInputs(
          Self.facts(of: cell, facts), origins: Self.origins(of: cell, planned), downloads: store.downloads, device: catalogue.device)
        let inference = try stage.infer(flowing)
        facts[cell.id] = inference
        let bound: any Stage = try (stage as? any Blocked)?.bound(to: flowing) ?? stage
        let result = try plannedCell(cell, bound, inference, flowing, planned, &ledger, isForced: forced.contains(cell.id))
        planned[cell.id] = result
        order.append(result)
      } catch let issue as StageIssue {
        issues += issue.all.map { PlanningIssue(cell: cell, issue: $0) }
      } catch let error as PlumbError where error.kind != .interrupted {
        issues.append(PlanningIssue(cell: cell, issue: StageIssue(.stage, error)))
      }
    }
    // A mistake of all cells of a stage is not mended by leaving cells out.
    let possible = Set(order.map(\.cell.stage))
    issues = issues.map { PlanningIssue(cell: $0.cell, issue: $0.issue, isOneOfSeveral: possible.contains($0.cell.stage)) }
    return (Plan(cells: order, profile: profile, lanes: lanes, refused: issues), issues)
  }

  /// Throws where an input comes from an optional output that its stage, as configured, does not have.
  private static func checkOutputs(of cell: Cell, _ facts: [Int: StageInference], _ planned: [Int: PlannedCell]) throws {
    for input in cell.inputs {
      for source in input.sources {
        guard let outputs = facts[source.cell]?.outputs, outputs[source.output] == nil, let stage = planned[source.cell]?.cell.stage else {
          continue
        }
        throw StageIssue(
          .input(input.port), "stage '\(stage)' does not declare the output '\(source.output)'",
          expected: outputs.keys.sorted().map { "\(stage).\($0)" }.joined(separator: " or "), found: "\(stage).\(source.output)")
      }
    }
  }

  private func plannedCell(
    _ cell: Cell, _ stage: any Stage, _ inference: StageInference, _ flowing: FactInputs, _ planned: [Int: PlannedCell],
    _ ledger: inout PlanLedger, isForced: Bool
  ) throws -> PlannedCell {
    let identity = CellIdentity(descriptor: cell.descriptor, parameters: cell.parameters, inference: inference)
    let recipes =
      InputEncoding.canonical(cell) { source in
        // The output's name tells two outputs of one cell apart.
        planned[source.cell].map { .list([.digest($0.recipeKey), .text(source.output)]) }
      } ?? .null
    let recipe = identity.key(inputs: recipes)
    let contents = InputEncoding.canonical(cell) { source in
      planned[source.cell]?.result?.outputs[source.output].map { .digest($0.digest) }
    }
    let semantic = contents.map { identity.key(inputs: $0) }
    let result = isForced ? nil : try semantic.flatMap { try store.lookup(ResultKey(semantic: $0, profile: profile.digest)) }
    if let result {
      return PlannedCell(
        cell: cell, stage: stage, identity: identity, recipeKey: recipe, semanticKey: semantic, state: .cached, result: result, twin: nil,
        blocks: nil, cost: nil)
    }
    let twin = ledger.owner(of: semantic ?? recipe, otherwise: cell.id)
    let blocks = try (stage as? any Blocked).map { stage in
      try ledger.count(stage, of: identity, contents: isForced ? nil : contents, recipes: recipes, isTwin: twin != nil)
    }
    let state: CellState = contents == nil && knownOwnKeys.contains(identity.ownKey) ? .toDoUnlessInputEqual : .toDo
    return PlannedCell(
      cell: cell, stage: stage, identity: identity, recipeKey: recipe, semanticKey: semantic, state: state, result: nil, twin: twin,
      blocks: blocks, cost: try stage.cost(flowing))
  }

  /// The wanted cells with everything upstream.
  static func closure(_ cells: [Cell], _ wanted: Set<Int>) -> Set<Int> {
    var needed = wanted
    // Cells come after their inputs, so one pass from the back reaches all of them.
    for cell in cells.reversed() where needed.contains(cell.id) {
      for input in cell.inputs { needed.formUnion(input.sources.map(\.cell)) }
    }
    return needed
  }

  private static func facts(of cell: Cell, _ facts: [Int: StageInference]) -> [String: [any PortFacts]] {
    Dictionary(
      cell.inputs.map { input in (input.port, input.sources.compactMap { facts[$0.cell]?.outputs[$0.output] }) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Of the artifacts that come in alone: their contents where they are in the store, else the recipe they will be made by.
  private static func origins(of cell: Cell, _ planned: [Int: PlannedCell]) -> [String: Digest] {
    Dictionary(
      cell.inputs.compactMap { input in
        guard input.sources.count == 1, let source = input.sources.first, let cell = planned[source.cell] else { return nil }
        let recipe = CanonicalValue.list([.digest(cell.recipeKey), .text(source.output)])
        return (input.port, cell.result?.outputs[source.output]?.digest ?? recipe.digest)
      }, uniquingKeysWith: { first, _ in first })
  }
}
