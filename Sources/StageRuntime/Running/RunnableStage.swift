public import ArtifactStore
import Basics
public import StageSchema

/// A stage whose work is one piece.
public protocol WholeStage: Stage {
  /// Computes the artifact of every output port.
  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact]
}

/// A stage whose work is cut into blocks.
public protocol BlockedStage: Blocked {
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
