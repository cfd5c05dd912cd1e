import ArtifactStore
public import Basics
package import Results
public import StageSchema

/// Everything that decides what a cell computes, apart from its inputs: stage and versions, identity parameters with
/// their defaults, content of outside files, extent. Names, paths, hints and comments have no place in it.
public struct CellIdentity: Sendable, Hashable {
  public let stage: String
  public let version: Int
  /// Versions of the network, the sampler and the engine.
  public let uses: [String: Int]
  /// Identity parameters by field name.
  public let with: [String: ParameterValue]
  /// Content digests of outside files by field name.
  public let files: [String: Digest]
  /// The parameters that say which samples (`samples`, `first`) and what is made of them: in the key of the merged result, not in
  /// a block's.
  public let extent: [String: ParameterValue]

  public init(descriptor: StageDescriptor, parameters: [String: ParameterValue], inference: StageInference) {
    stage = descriptor.name
    version = descriptor.version
    uses = inference.versions
    files = inference.files
    var with: [String: ParameterValue] = [:]
    var extent: [String: ParameterValue] = [:]
    for field in descriptor.parameters where !inference.unkeyed.contains(field.name) {
      guard let value = parameters[field.name] else { continue }
      switch field.role {
      case .identity: with[field.name] = inference.meant[field.name] ?? Self.keyed(value, field.type)
      case .extent: extent[field.name] = value
      case .reduction: extent[field.name] = inference.meant[field.name] ?? value
      case .execution, .presentation: break
      }
    }
    self.with = with
    self.extent = extent
  }

  /// Drops from a record the fields that may not enter a key.
  private static func keyed(_ value: ParameterValue, _ type: ParameterType) -> ParameterValue {
    guard case .record(let fields) = type, case .record(let values) = value else { return value }
    var kept: [String: ParameterValue] = [:]
    for field in fields where field.role == .identity {
      if let inner = values[field.name] { kept[field.name] = keyed(inner, field.type) }
    }
    return .record(kept)
  }

  /// The key of the cell's result, given what stands for each input (content digests, or recipes).
  public func key(inputs: CanonicalValue) -> Digest {
    canonical(range: nil, inputs: inputs).digest
  }

  /// The key of one block.
  public func blockKey(_ range: Range<Int>, inputs: CanonicalValue) -> Digest {
    canonical(range: range, inputs: inputs).digest
  }

  /// What the key of one block is the digest of.
  func blockEncoding(_ range: Range<Int>, inputs: CanonicalValue) -> [UInt8] {
    var encoder = CanonicalEncoder()
    encoder.encode(canonical(range: range, inputs: inputs))
    return encoder.bytes
  }

  /// The same without inputs: two cells that agree in it may give the same result.
  public var ownKey: Digest { canonical(range: nil, inputs: .null).digest }

  /// The key of one block without inputs. Like the block's key it knows no extent: cells of any length agree in it.
  package func ownKey(of range: Range<Int>) -> Digest { canonical(range: range, inputs: .null).digest }

  private func canonical(range: Range<Int>?, inputs: CanonicalValue) -> CanonicalValue {
    var record: [String: CanonicalValue] = [
      "stage": .text(stage), "version": .integer(Int64(version)), "uses": .record(uses.mapValues { .integer(Int64($0)) }),
      "with": .record(with.mapValues(\.canonical)), "files": .record(files.mapValues(CanonicalValue.digest)), "inputs": inputs,
    ]
    if let range {
      record["range"] = .list([.integer(Int64(range.lowerBound)), .integer(Int64(range.upperBound))])
    } else {
      record["extent"] = .record(extent.mapValues(\.canonical))
    }
    return .record(record)
  }

  /// For run records, locks and explanations.
  package var recorded: RecordedIdentity {
    RecordedIdentity(
      stage: stage, version: version, uses: uses, with: with.mapValues(\.json), files: files, extent: extent.mapValues(\.json))
  }
}
