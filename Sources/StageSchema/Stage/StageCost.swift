public import Basics

/// What running a cell takes.
public struct StageCost: Sendable, Hashable {
  /// Network evaluations of one sample (of the whole cell for a whole stage), one image each.
  public var evaluations: Int
  /// Floating point operations of one evaluation, counted as a direct computation.
  public var flopsPerEvaluation: Int
  /// Operations beside the evaluations, per sample: decoding a latent, evaluating a classifier.
  public var flopsBeside: Int
  /// Bytes the outputs will take in the store, per sample (of the whole cell for a whole stage).
  public var outputBytes: Int
  /// Networks the cell keeps in memory: their packed weights are shared by all lanes.
  public var networks: [NetworkMemory]
  /// Further bytes held by each lane while it works on a block.
  public var laneBytes: Int
  /// Bytes held once, while a cell runs whole or merges.
  public var sharedBytes: Int

  public init(
    evaluations: Int = 0, flopsPerEvaluation: Int = 0, flopsBeside: Int = 0, outputBytes: Int = 0, networks: [NetworkMemory] = [],
    laneBytes: Int = 0,
    sharedBytes: Int = 0
  ) {
    self.evaluations = evaluations
    self.flopsPerEvaluation = flopsPerEvaluation
    self.flopsBeside = flopsBeside
    self.outputBytes = outputBytes
    self.networks = networks
    self.laneBytes = laneBytes
    self.sharedBytes = sharedBytes
  }
}

/// The memory of one network while it is in use.
public struct NetworkMemory: Sendable, Hashable {
  /// Tells networks apart: the digest of architecture, configuration and the origin of the weights.
  public let identity: Digest
  /// Packed weights, held once.
  public let weightBytes: Int
  /// Activations and scratch, held by every lane.
  public let arenaBytes: Int

  public init(identity: Digest, weightBytes: Int, arenaBytes: Int) {
    self.identity = identity
    self.weightBytes = weightBytes
    self.arenaBytes = arenaBytes
  }
}
