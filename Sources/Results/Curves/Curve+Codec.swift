package import Basics

/// Format 1: `{"kind": "delta", "steps": 20, "samples": 2000, "timesteps": […], "indices": […], "delta": […], …}`: every list of
/// numbers that is not one of the fields named below is a series, null in it a missing value.
extension Curve: ResultDocument {
  static let format = 1

  private enum Key: String, CaseIterable {
    case format, kind, mode, steps, samples, timesteps, sigmas, indices
  }

  package var kindName: String { kind.rawValue }

  package var json: JSONValue {
    var fields = extra
    for (name, values) in series { fields[name.rawValue] = .list(values.map { JSONValue($0) }) }
    fields[Key.kind.rawValue] = .text(kind.rawValue)
    fields[Key.mode.rawValue] = mode.map { .text($0.rawValue) }
    fields[Key.steps.rawValue] = steps.map { JSONValue($0) }
    fields[Key.samples.rawValue] = samples.map { JSONValue($0) }
    fields[Key.indices.rawValue] = indices.map { JSONValue($0) }
    switch levels {
    case .timesteps(let values)?:
      fields[Key.timesteps.rawValue] = .list(values.map { Int64(exactly: $0).map(JSONValue.integer) ?? JSONValue(Optional($0)) })
    case .sigmas(let values)?: fields[Key.sigmas.rawValue] = JSONValue(values)
    case nil: break
    }
    return .object(fields)
  }

  /// Throws for what is no curve: no kind, or that of something else; no series at all; indices that are none.
  package init(json: JSONValue) throws {
    let fields = try Fields<Key>(json, of: "a curve")
    try ResultFormat.check(json, newest: Self.format, what: "a curve")
    let kind = try fields.text(.kind)
    guard ![Scores.kind, GatheredTable.kind].contains(kind) else {
      throw PlumbError("this is no curve", at: Key.kind.rawValue, found: kind)
    }
    var series: [Series: [Double?]] = [:]
    var extra: [String: JSONValue] = [:]
    for (name, value) in fields.values where Key(rawValue: name) == nil {
      if let numbers = Self.numbers(value) { series[Series(rawValue: name)] = numbers } else { extra[name] = value }
    }
    guard series.values.contains(where: { !$0.isEmpty }) else {
      throw PlumbError("this is no curve", expected: "a list of numbers beside its kind", found: json.brief)
    }
    let sigmas = try fields.optional(.sigmas, "a list of numbers", \.doubles)
    let timesteps = try fields.optional(.timesteps, "a list of numbers", \.doubles)
    self.init(
      Kind(rawValue: kind), mode: try fields.optionalText(.mode).map(Mode.init), steps: try fields.optionalInteger(.steps),
      samples: try fields.optionalInteger(.samples), levels: sigmas.map { .sigmas($0) } ?? timesteps.map { .timesteps($0) },
      indices: try fields.optional(.indices, "whole numbers from 0 on, all different", Self.indices), series: series, extra: extra)
  }

  /// nil for what is no list of numbers.
  private static func numbers(_ value: JSONValue) -> [Double?]? {
    guard let list = value.list else { return nil }
    var numbers: [Double?] = []
    numbers.reserveCapacity(list.count)
    for item in list {
      guard item == .null || item.double != nil else { return nil }
      numbers.append(item.double.flatMap { $0.isFinite ? $0 : nil })
    }
    return numbers
  }

  /// The largest number of steps anybody samples in.
  private static let indexLimit = 1_000_000

  private static func indices(_ value: JSONValue) -> [Int]? {
    guard let items = value.list, let whole = Fields<Key>.all(items, \.integer) else { return nil }
    guard whole.allSatisfy({ (0..<indexLimit).contains($0) }), Set(whole).count == whole.count else { return nil }
    return whole
  }
}
