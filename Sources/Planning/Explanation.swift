import ArtifactStore
import Basics
public import PipelineLanguage
import Results
import StageSchema

/// Why a cell is cached or not: what differs from the nearest earlier result.
public struct Explanation: Sendable {
  public struct Difference: Sendable, Hashable {
    /// The cell at which it is found: the explained one, or the first one upstream that differs itself.
    public let cell: String
    /// "with.epsilon_scaling.b", "content of file", "version of sampler ddpm".
    public let what: String
    public let before: String
    public let now: String
    /// Where the present value stands, in a file or on the command line; nil when it stands nowhere (a version, a default).
    public let position: SourceRange?
    /// Whether the present value is the stage's default.
    public let isDefault: Bool
  }

  public let cell: PlannedCell
  /// The nearest earlier result; nil when the store knows none of this stage kind, or the cell is cached.
  public let nearest: PastCells.PastCell?
  public let differences: [Difference]

  /// Compares with every earlier cell of the same stage kind and keeps the one with the fewest differences; of equals the one of
  /// the same name, then the newest.
  public init(_ planned: PlannedCell, plan: Plan, past: PastCells) {
    cell = planned
    guard planned.state != .cached else {
      (nearest, differences) = (nil, [])
      return
    }
    let identity = planned.identity.recorded
    let inputs = Self.inputDigests(planned, plan)
    var best: (past: PastCells.PastCell, distance: Int)?
    for candidate in past.candidates(stage: planned.identity.stage) {
      let ports = Set(inputs.keys).union(candidate.cell.inputs.keys).count { inputs[$0] != candidate.cell.inputs[$0] }
      let changes = identity.differences(from: candidate.cell.identity).count + (candidate.profile == plan.profile.digest ? 0 : 1)
      let distance = 2 * (ports + changes) + (candidate.name == planned.cell.name ? 0 : 1)
      if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    nearest = best?.past
    guard let nearest else {
      differences = []
      return
    }
    var trace = UpstreamTrace(plan: plan, past: past)
    var found = trace.differences(planned, nearest)
    if nearest.profile != plan.profile.digest {
      found.append(
        Difference(
          cell: planned.cell.name, what: "numerics profile", before: nearest.profile.short, now: plan.profile.digest.short,
          position: nil, isDefault: false))
    }
    differences = found
  }

  /// Digests of what is known of the inputs, by port.
  private static func inputDigests(_ planned: PlannedCell, _ plan: Plan) -> [String: [Digest?]] {
    Dictionary(
      planned.cell.inputs.map { input in
        (input.port, input.sources.map { plan.cell($0.cell)?.result?.outputs[$0.output]?.digest })
      }, uniquingKeysWith: { first, _ in first })
  }
}
