package import Basics

/// Figures of merit of some samples: one finite number for each metric.
///
/// Format 1: `{"kind": "scores", "metrics": {"fd": 1.5}, "samples": 2000}`; anything else a program put beside it is kept.
package struct Scores: ResultDocument {
  package static let kind = "scores"
  static let format = 1

  /// How many samples were scored, when that is known.
  package var samples: Int?
  /// By name: "fd", "class_score".
  package var metrics: [String: Double]
  /// Other fields that the document has.
  package var extra: [String: JSONValue]

  package init(samples: Int?, metrics: [String: Double], extra: [String: JSONValue] = [:]) {
    self.samples = samples
    self.metrics = metrics
    self.extra = extra
  }

  package var kindName: String { Self.kind }

  private enum Key: String, CaseIterable {
    case format, kind, metrics, samples
  }

  package var json: JSONValue {
    var fields = extra
    fields[Key.kind.rawValue] = .text(Self.kind)
    fields[Key.metrics.rawValue] = .object(metrics.mapValues(JSONValue.number))
    fields[Key.samples.rawValue] = samples.map { JSONValue($0) }
    return .object(fields)
  }

  /// Throws, naming it, when a metric is not a finite number.
  package init(json: JSONValue) throws {
    let fields = try Fields<Key>(json, of: "scores")
    try ResultFormat.check(json, newest: Self.format, what: "a document of scores")
    if let kind = fields[.kind], kind != .text(Self.kind) {
      throw PlumbError("these are no scores", at: Key.kind.rawValue, expected: Self.kind, found: kind.brief)
    }
    guard let given = fields[.metrics]?.object, !given.isEmpty else {
      throw PlumbError(
        "these are no scores", expected: "{\"\(Key.metrics.rawValue)\": {\"name\": a number, …}}", found: json.brief)
    }
    metrics = try given.reduce(into: [:]) { metrics, metric in metrics[metric.key] = try Self.number(metric.value, of: metric.key) }
    samples = try fields.optionalInteger(.samples)
    extra = fields.values.filter { Key(rawValue: $0.key) == nil }
  }

  private static func number(_ value: JSONValue, of metric: String) throws -> Double {
    switch value {
    case .integer, .number:
      guard let number = value.double else { break }
      if number.isFinite { return number }
      throw PlumbError("\(metric) is \(number.isNaN ? "NaN" : number < 0 ? "-infinity" : "infinity")", expected: "a finite number")
    // What was not finite is written as null.
    case .null: throw PlumbError("\(metric) is not a finite number", expected: "a finite number", found: "null")
    default: break
    }
    throw PlumbError("\(metric) is not a number", expected: "a finite number", found: value.brief)
  }
}
