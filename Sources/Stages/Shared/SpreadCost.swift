import Networks
import StageRuntime
import StageSchema

/// What the stages take that stream per-pixel moments at each step (mean and squared deviations in float64, two kinds).
enum SpreadCost {
  static func cost(_ inputs: FactInputs, steps: Int, evaluations: Int, of stage: some BlockedStage) throws -> StageCost {
    let facts = try inputs.network("network")
    let dataset = try inputs.dataset("dataset")
    let image = facts.network.image.count
    let batch = try inputs.cost(of: facts.network, at: "network").batch
    let statistics = steps * image * 2 * 16
    return try NetworkUse.cost(
      facts, inputs, evaluations: evaluations, outputBytes: statistics / type(of: stage).blockSize,
      // The tree of a block's leaves, and the finished block as numbers and as bytes.
      laneBytes: NetworkUse.chainBytes(image: image, batch: batch) + 4 * statistics,
      sharedBytes: dataset.byteCount + merging(statistics, blocks: stage.blockCount))
  }

  /// Bytes held while blocks are merged over the tree: a node per level, and a block being read (as bytes and as numbers).
  private static func merging(_ statistics: Int, blocks: Int) -> Int {
    let levels = Int.bitWidth - max(1, blocks).leadingZeroBitCount
    return (levels + 3) * statistics
  }
}
