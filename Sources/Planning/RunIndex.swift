public import Basics
package import Results

/// What planning asks of a run, in a few lines beside its record: which results it left, and how long each cell took. A store
/// of hundreds of runs is planned over without reading their records.
public struct RunIndex: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    /// `CellIdentity.ownKey`.
    public let ownKey: Digest
    public let stage: String
    /// Lane seconds; 0 when nothing was computed.
    public let seconds: Double
    /// Floating point operations of what was computed; 0 for a stage that evaluates no network.
    public let flops: Double

    public init(ownKey: Digest, stage: String, seconds: Double, flops: Double) {
      (self.ownKey, self.stage, self.seconds, self.flops) = (ownKey, stage, seconds, flops)
    }
  }

  /// The numerics profile of the run.
  public let profile: Digest
  /// One for each cell that has a result.
  public let entries: [Entry]

  public init(profile: Digest, entries: [Entry]) {
    (self.profile, self.entries) = (profile, entries)
  }

  /// The name of the file in a run's folder.
  public static let fileName = "index.txt"
  private static let heading = "plumb-run-index 1"

  public var encoded: [UInt8] {
    let lines = entries.map { "\($0.ownKey.hex) \($0.seconds) \($0.flops) \($0.stage)\n" }
    return Array(("\(Self.heading) \(profile.hex)\n" + lines.joined()).utf8)
  }

  /// Nil for bytes that are no index of this version; the record itself then tells.
  public init?(_ bytes: [UInt8]) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first.map({ String(decoding: $0, as: UTF8.self) }), first.hasPrefix(Self.heading + " "),
      let profile = Digest(hex: first.dropFirst(Self.heading.count + 1))
    else { return nil }
    self.profile = profile
    var entries: [Entry] = []
    entries.reserveCapacity(lines.count)
    for line in lines.dropFirst() {
      let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
      guard words.count == 4, let key = Digest(hex: words[0]), let seconds = Double(words[1]), let flops = Double(words[2]) else {
        return nil
      }
      entries.append(Entry(ownKey: key, stage: words[3], seconds: seconds, flops: flops))
    }
    self.entries = entries
  }

  /// What the record of a run tells; nil when it names no numerics profile.
  package init?(_ record: RunRecord) {
    guard let profile = record.profileDigest else { return nil }
    self.profile = profile
    entries = record.cells.compactMap { cell in
      guard cell.outputs != nil, let key = cell.ownKey else { return nil }
      let isComputed = cell.state == .computed
      return Entry(
        ownKey: key, stage: cell.identity.stage, seconds: isComputed ? cell.seconds : 0, flops: isComputed ? cell.flops ?? 0 : 0)
    }
  }
}
