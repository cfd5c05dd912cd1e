import Basics

/// A kind of work a pipeline can name. A value of the type is one configured use of it: its parameters are decoded,
/// nothing has been read or computed.
///
/// This is what it declares. How it runs is said by `WholeStage` or `BlockedStage` of the runtime: a stage conforms to one of
/// the two, never to `Stage` alone.
public protocol Stage: Sendable {
  /// Name, version, ports and parameters.
  static var descriptor: StageDescriptor { get }

  /// Decodes typed, default-filled parameters. Throws `StageIssue` where two fields contradict each other.
  init(parameters: StageParameters) throws

  /// What follows from the parameters and from what flows in, before anything runs: output facts, versions, content of
  /// outside files. May read file headers and hash small files, never computes.
  /// Throws `StageIssue` naming the parameter or port at fault.
  func infer(_ inputs: FactInputs) throws -> StageInference

  /// Throws what is wrong with the stage whatever flows in: asked in place of `infer` where something upstream is wrong, so
  /// that all mistakes are told at once. `inputs` carries no facts.
  func inferAlone(_ inputs: FactInputs) throws

  /// What running it takes; asked only of cells that are to run. Compiles the networks' memory plans.
  func cost(_ inputs: FactInputs) throws -> StageCost
}

extension Stage {
  public func inferAlone(_ inputs: FactInputs) throws {}
}

/// A stage whose work is cut into blocks of consecutive sample indices on a fixed grid. A block depends on nothing but
/// the cell and its range, so it is the unit of caching, resuming, progress and parallel work.
public protocol Blocked: Stage {
  /// Samples in a block: a constant of the stage's version, a multiple of the leaf size of its reductions.
  static var blockSize: Int { get }

  /// Absolute sample indices the cell covers: `first ..< first + samples`.
  var extent: Range<Int> { get }

  /// The stage with the extent that follows from what flows in; planning asks no other for its extent. A stage whose
  /// parameters tell its extent is that already.
  func bound(to inputs: FactInputs) throws -> Self
}

extension Blocked {
  public func bound(to inputs: FactInputs) throws -> Self { self }
}

extension Blocked {
  /// How many blocks the extent has.
  public var blockCount: Int {
    extent.isEmpty ? 0 : (extent.upperBound - 1) / Self.blockSize - extent.lowerBound / Self.blockSize + 1
  }
}
