import ArtifactStore
import Basics

/// A kind of work a pipeline can name. A value of the type is one configured use of it: its parameters are decoded,
/// nothing has been read or computed.
///
/// A stage conforms to `WholeStage` or `BlockedStage`, never to `Stage` alone.
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

/// A stage whose work is one piece.
public protocol WholeStage: Stage {
  /// Computes the artifact of every output port.
  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact]
}

/// A stage whose work is cut into blocks of consecutive sample indices on a fixed grid. A block depends on nothing but
/// the cell and its range, so it is the unit of caching, resuming, progress and parallel work.
public protocol BlockedStage: Stage {
  /// Samples in a block: a constant of the stage's version, a multiple of the leaf size of its reductions.
  static var blockSize: Int { get }

  /// Absolute sample indices the cell covers: `first ..< first + samples`.
  var extent: Range<Int> { get }

  /// Computes one block; the named byte strings become objects of the store.
  func runBlock(_ range: Range<Int>, _ inputs: StageInputs, in context: StageContext) throws -> [String: [UInt8]]

  /// Makes the outputs from all blocks, in order. Must not hold more than a few blocks at once, and must give the same
  /// bits however the extent was cut.
  func merge(_ blocks: [FinishedBlock], _ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact]

  /// The first step of a chain at which two results of `runBlock` part, counted from 1 in the order in which steps are
  /// taken: numbers further apart than `tolerance` times the larger one. nil where no step tells, and for stages without.
  func partingStep(_ one: [String: [UInt8]], _ other: [String: [UInt8]], tolerance: Double) throws -> Int?
}

extension BlockedStage {
  public func partingStep(_ one: [String: [UInt8]], _ other: [String: [UInt8]], tolerance: Double) throws -> Int? { nil }
}

extension BlockedStage {
  /// The blocks of the extent on the fixed grid; the first and last may be cut short.
  public var blockRanges: [Range<Int>] {
    guard !extent.isEmpty else { return [] }
    let firstBlock = extent.lowerBound / Self.blockSize
    let lastBlock = (extent.upperBound - 1) / Self.blockSize
    return (firstBlock...lastBlock).map { block in
      (block * Self.blockSize..<(block + 1) * Self.blockSize).clamped(to: extent)
    }
  }
}

extension BlockedStage {
  /// How many blocks the extent has.
  public var blockCount: Int {
    extent.isEmpty ? 0 : (extent.upperBound - 1) / Self.blockSize - extent.lowerBound / Self.blockSize + 1
  }

  /// Samples in the largest block.
  public var largestBlock: Int { blockCount > 2 ? Self.blockSize : blockRanges.reduce(0) { max($0, $1.count) } }
}

/// A block that is in the store.
public struct FinishedBlock: Sendable {
  public let range: Range<Int>
  /// The objects `runBlock` named.
  public let objects: [String: ObjectRef]

  public init(range: Range<Int>, objects: [String: ObjectRef]) {
    self.range = range
    self.objects = objects
  }

  /// The object of that name. Throws when the block lacks it (a block of another version would).
  public func object(_ name: String) throws -> ObjectRef {
    guard let object = objects[name] else {
      throw PlumbError("block \(range.lowerBound)-\(range.upperBound) has no object \"\(name)\"")
    }
    return object
  }
}

/// Something wrong with one use of a stage, and which of its parts is at fault; planning turns it into a diagnostic
/// with a caret under that part.
public struct StageIssue: Error, Sendable, Hashable {
  public enum Part: Sendable, Hashable {
    case stage
    /// A path of field names below `with`.
    case parameter([String])
    case input(String)
  }

  /// What sort of mistake it is; decides the code a message carries.
  public enum Reason: Sendable, Hashable {
    case missingFile, damagedFile, wrongConfiguration, wrongWeights, wrongDimensions, refused
  }

  public let part: Part
  public let reason: Reason
  public let error: PlumbError
  /// Issues found beside this one.
  public var further: [StageIssue] = []

  /// This issue and those found beside it.
  public var all: [StageIssue] { [self] + further.flatMap(\.all) }

  public init(_ part: Part, _ error: PlumbError, reason: Reason = .refused) {
    self.part = part
    self.reason = reason
    self.error = error
  }

  public init(_ part: Part, _ message: String, expected: String? = nil, found: String? = nil, reason: Reason = .refused) {
    self.init(part, PlumbError(message, kind: .input, expected: expected, found: found), reason: reason)
  }
}
