public import Basics

/// What one computation gave. It names no time, host or path, so that the same computation gives the same bytes.
public struct ResultManifest: Sendable, Hashable {
  public let stage: String
  public let version: Int
  /// The key without inputs: results of equal parameters agree in it.
  public let ownKey: Digest
  /// Port names and what left them.
  public let outputs: [String: Artifact]

  public init(stage: String, version: Int, ownKey: Digest, outputs: [String: Artifact]) {
    self.stage = stage
    self.version = version
    self.ownKey = ownKey
    self.outputs = outputs
  }

  /// SHA-256 of the canonical encoding of everything above.
  public var digest: Digest { canonical.digest }

  /// Whether both say that the same came out. Their own keys are left out: keys decide where a manifest is kept, not what it
  /// holds, and older versions wrote the extent of a run into those of its blocks.
  public func agrees(with other: ResultManifest) -> Bool {
    stage == other.stage && version == other.version && outputs == other.outputs
  }

  /// Every object the outputs name.
  public var objects: [ObjectRef] { outputs.values.flatMap { $0.parts.map(\.object) } }

  private var canonical: CanonicalValue {
    .record([
      "stage": .text(stage), "version": .integer(Int64(version)), "own_key": .digest(ownKey),
      "outputs": .record(outputs.mapValues { .digest($0.digest) }),
    ])
  }
}

extension ResultManifest {
  /// No manifest is longer: 64 MiB.
  static let longest = 1 << 26
  private static let format = 1

  /// The file kept under a key: canonical JSON that names its key, so that a file in the wrong place is noticed, and
  /// carries a digest over all it says, so that a damaged one is.
  package func encoded(under key: ResultKey) -> [UInt8] {
    let json: JSONValue = [
      "format": JSONValue(Self.format), "stage": .text(stage), "version": JSONValue(version), "own_key": .text(ownKey.hex),
      "outputs": .object(outputs.mapValues(\.json)), "key": ["semantic": .text(key.semantic.hex), "profile": .text(key.profile.hex)],
      "check": .text(check(under: key).hex),
    ]
    return json.encoded()
  }

  /// Reads a file kept under `key`. Throws when it is damaged, belongs to another key or is of a newer format.
  init(parsing bytes: [UInt8], under key: ResultKey) throws {
    let json = try JSONValue(parsing: bytes)
    guard let format = json["format"]?.integer else { throw PlumbError("a result's manifest names no format") }
    guard format == Self.format else {
      throw PlumbError(
        "a result was written by another version of plumb", kind: format > Self.format ? .newerFormat : .failure,
        expected: "format \(Self.format)", found: "\(format)")
    }
    guard let stage = json["stage"]?.text, let version = json["version"]?.integer,
      let ownKey = json["own_key"]?.text.flatMap({ Digest(hex: $0) }), let outputs = json["outputs"]?.object
    else { throw PlumbError("a result's manifest is not readable") }
    self.init(stage: stage, version: version, ownKey: ownKey, outputs: try outputs.mapValues { try Artifact(json: $0) })
    guard json["check"]?.text == check(under: key).hex else { throw PlumbError("a result's manifest is damaged or of another key") }
  }

  private func check(under key: ResultKey) -> Digest {
    CanonicalValue.list([.digest(key.semantic), .digest(key.profile), canonical]).digest
  }
}

extension PlumbError.Kind {
  /// A manifest of a format this program does not know yet: it is left alone.
  static let newerFormat = PlumbError.Kind(name: "newer format")
}
