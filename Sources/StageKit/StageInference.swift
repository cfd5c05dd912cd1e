import Basics

/// What a stage knows before it runs.
public struct StageInference: Sendable {
  /// What leaves each output port.
  public var outputs: [String: PortFacts]
  /// Versions of what the stage uses beyond itself ("network adm-unet", "sampler ddpm", "engine"): part of the key.
  public var versions: [String: Int]
  /// Content digests of outside files, by parameter name: part of the key in place of their paths.
  public var files: [String: Digest]
  /// Parameters that only name where something is, or that were replaced by `files`: not part of the key.
  public var unkeyed: Set<String>
  /// What parameters mean, where they may be left out or written in several ways: part of the key in their place.
  public var meant: [String: ParameterValue]

  public init(
    outputs: [String: PortFacts], versions: [String: Int] = [:], files: [String: Digest] = [:], unkeyed: Set<String> = [],
    meant: [String: ParameterValue] = [:]
  ) {
    self.outputs = outputs
    self.versions = versions
    self.files = files
    self.unkeyed = unkeyed
    self.meant = meant
  }
}

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
  /// Networks the cell keeps in memory, by recipe: their packed weights are shared by all lanes.
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
  /// Tells networks apart: the digest of architecture, configuration and origin.
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
