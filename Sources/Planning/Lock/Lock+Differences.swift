public import Basics

/// One thing that is not as it was locked.
public struct LockDifference: Sendable, Hashable, CustomStringConvertible {
  /// `file shared/cifar.plumb.yaml`, `sample[steps=20]: with.seed`, `numerics profile: instruction_set`.
  public let what: String
  public let locked: String
  public let now: String

  public var description: String { "\(what): locked \(locked), now \(now)" }
}

extension Lock {
  /// What differs in another state of the same pipeline, causes before what follows from them: files, flags, profile, then
  /// cells. A cell that differs in nothing but what flows into it is not named. Cells the other state does not have are
  /// named unless only `part` of the cells was asked for.
  public func differences(to now: Lock, part: Bool) -> [LockDifference] {
    fileDifferences(to: now) + flagDifference(to: now) + profileDifferences(to: now) + cellDifferences(to: now, part: part)
  }

  /// Outputs that came out other than locked, by cell and port; nil digests are not compared.
  public func outputDifferences(to outputs: [String: [String: Digest]]) -> [LockDifference] {
    outputs.sorted { $0.key < $1.key }.flatMap { name, ports in
      ports.sorted { $0.key < $1.key }.compactMap { port, digest in
        guard let locked = cells[name]?.outputs[port], locked != digest else { return nil }
        return LockDifference(what: "output \(name).\(port)", locked: locked.hex, now: digest.hex)
      }
    }
  }

  private func fileDifferences(to now: Lock) -> [LockDifference] {
    let before = Dictionary(files.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(now.files.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    return Set(before.keys).union(after.keys).sorted().compactMap { name in
      before[name] == after[name]
        ? nil
        : LockDifference(what: "file \(name)", locked: before[name]?.hex ?? "not part of it", now: after[name]?.hex ?? "not part of it")
    }
  }

  private func flagDifference(to now: Lock) -> [LockDifference] {
    func words(_ flags: [String]) -> String { flags.isEmpty ? "none" : flags.map { "--set \($0)" }.joined(separator: " ") }
    return flags == now.flags ? [] : [LockDifference(what: "flags", locked: words(flags), now: words(now.flags))]
  }

  private func profileDifferences(to now: Lock) -> [LockDifference] {
    guard profile != now.profile else { return [] }
    var found: [LockDifference] = []
    Self.compare(profileFields, now.profileFields, path: "numerics profile", &found)
    return found.isEmpty ? [LockDifference(what: "numerics profile", locked: profile.hex, now: now.profile.hex)] : found
  }

  private func cellDifferences(to now: Lock, part: Bool) -> [LockDifference] {
    var found: [LockDifference] = []
    for (name, cell) in now.cells.sorted(by: { $0.key < $1.key }) {
      guard let locked = cells[name] else {
        found.append(LockDifference(what: "cell \(name)", locked: "not part of it", now: cell.stage))
        continue
      }
      Self.compare(locked.identity, cell.identity, path: name, &found)
    }
    if !part {
      for name in Set(cells.keys).subtracting(now.cells.keys).sorted() {
        found.append(LockDifference(what: "cell \(name)", locked: cells[name]?.stage ?? "", now: "not part of it"))
      }
    }
    // The edges are in the recipes alone.
    if found.isEmpty {
      for (name, cell) in now.cells.sorted(by: { $0.key < $1.key }) {
        guard let locked = cells[name], locked.recipe != cell.recipe else { continue }
        found.append(LockDifference(what: "what flows into \(name)", locked: locked.recipe.hex, now: cell.recipe.hex))
      }
    }
    return found
  }

  private static func compare(_ before: JSONValue, _ now: JSONValue, path: String, _ found: inout [LockDifference]) {
    if case .object(let old) = before, case .object(let new) = now {
      for name in Set(old.keys).union(new.keys).sorted() {
        compare(old[name] ?? .null, new[name] ?? .null, path: "\(path).\(name)", &found)
      }
    } else if before != now {
      found.append(LockDifference(what: path, locked: text(before), now: text(now)))
    }
  }

  private static func text(_ value: JSONValue) -> String {
    value == .null ? "absent" : String(decoding: value.encoded(), as: UTF8.self)
  }
}
