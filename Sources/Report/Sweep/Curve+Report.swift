import Results

/// What a report knows to show of a curve.
extension Curve {
  enum Subject: Hashable {
    case trainingNorms, samplingNorms, delta, singleStep
  }

  /// nil for a curve of a kind that a program brought along.
  var subject: Subject? {
    switch kind {
    case .epsilonNorms: mode == .training ? .trainingNorms : .samplingNorms
    case .delta: .delta
    case .singleStep: .singleStep
    default: nil
    }
  }

  /// What the levels are called in files: "model_timestep", or "sigma" where the process is one of noise levels.
  var levelName: String {
    if case .sigmas = levels { "sigma" } else { "model_timestep" }
  }

  /// The noise level of each value; empty when the curve does not say, or not for each.
  var shownLevels: [Double] {
    guard let values = levels?.values, values.count == positions.count else { return [] }
    return values
  }

  /// What cannot be shown of it, and why.
  func notes(_ name: String) -> [String] {
    let count = positions.count
    var notes = series.sorted { $0.key.rawValue < $1.key.rawValue }.compactMap { field, values in
      values.count == count || field == .lambda
        ? nil : "\(name): \(field.rawValue) holds \(values.count) values where \(count) were expected; it is left out"
    }
    if let main = mainSeries, series[main] == nil { notes.append("\(name): there is no list of numbers named \(main.rawValue)") }
    return notes
  }
}
