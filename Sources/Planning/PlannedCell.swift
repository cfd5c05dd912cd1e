public import ArtifactStore
public import Basics
import PipelineLanguage
public import StageSchema

/// A cell with its keys and its state in the store.
public struct PlannedCell: Sendable {
  public let cell: Cell
  public let stage: any Stage
  public let identity: CellIdentity
  /// The key over the inputs' recipes: known before anything runs.
  public let recipeKey: Digest
  /// The key over the inputs' contents; nil while an input is not in the store.
  public let semanticKey: Digest?
  public let state: CellState
  /// The result when cached.
  public let result: ResultManifest?
  /// `Cell.id` of the cell that computes the same result under another name; the work is counted there.
  public let twin: Int?
  /// The blocks of a blocked stage that is not cached.
  public let blocks: BlockCount?
  /// The cost of one sample (of the cell for a whole stage); nil when cached.
  public let cost: StageCost?

  /// Blocks of a cell, and what is left of them to compute.
  public struct BlockCount: Sendable, Hashable {
    public let total: Int
    /// Blocks that are not in the store.
    package let missing: BlockSet
    /// Those of them that no other cell of the plan computes: the same samples of a shorter or longer run.
    package let own: BlockSet

    /// Blocks in the store.
    public var cached: Int { total - missing.count }
    /// Blocks that another cell of the plan computes.
    public var shared: Int { missing.count - own.count }
    public var toDo: Int { own.count }
    /// Samples of the blocks still to compute.
    public var samplesToDo: Int { own.samples }
    /// Samples of the largest of them: no number of lanes makes the cell quicker than that block.
    public var largestToDo: Int { own.largest }
  }

  /// Whether the run would compute something for this cell itself.
  public var hasWork: Bool { state != .cached && twin == nil }

  /// Samples to compute; 1 for a whole stage.
  private var pieces: Int { blocks?.samplesToDo ?? 1 }

  /// Network evaluations still to do.
  public var evaluationsToDo: Int {
    guard hasWork, let cost else { return 0 }
    return cost.evaluations.clampedTimes(pieces)
  }

  /// Floating point operations still to do. A night's sweep passes what an integer holds.
  public var flopsToDo: Double {
    guard hasWork, let cost else { return 0 }
    return Double(evaluationsToDo) * Double(cost.flopsPerEvaluation) + Double(cost.flopsBeside) * Double(pieces)
  }

  /// Bytes the store will grow by.
  public var bytesToWrite: Int {
    guard hasWork, let cost else { return 0 }
    return cost.outputBytes.clampedTimes(pieces)
  }

  /// Peak memory of a run of this cell alone, in bytes; 0 when there is nothing to do.
  public func memory(lanes: Int) -> Int {
    guard hasWork, let cost else { return 0 }
    return Plan.memory(of: [cost], lanes: lanes)
  }
}
