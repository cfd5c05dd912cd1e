import Basics

/// Series over the sampling steps, as a curve artifact holds them. Index 0 is the least noisy step; people count the
/// same step as timestep 1.
struct Curve: Sendable {
  enum Kind: Hashable {
    case trainingNorms, samplingNorms, delta, singleStep
  }

  let kind: Kind
  /// T': the number of sampling steps, when it is said.
  let steps: Int?
  /// Step index of each value of a series.
  let indices: [Int]
  /// The noise level of each value, as the sampler names it; empty when it is not said.
  let levels: [Double]
  /// What the levels are: "model_timestep", or "sigma" where the process is one of noise levels.
  let levelName: String
  /// Number of images behind each value.
  let samples: Int?
  /// Every list of numbers with the right length; nil where JSON has null (a NaN).
  let series: [String: [Double?]]
  /// What was left out and why.
  let notes: [String]

  /// nil when `value` is not a curve this version knows.
  init?(_ value: JSONValue, name: String) {
    guard let kind = Self.kind(of: value) else { return nil }
    let fields = value.object ?? [:]
    let lists = fields.compactMapValues(Self.numbers)
    let index = Self.indices(fields: fields, lists: lists, kind: kind)
    var series: [String: [Double?]] = [:]
    var notes: [String] = []
    for (field, numbers) in lists.sorted(by: { $0.key < $1.key }) where !["indices", "timesteps", "sigmas"].contains(field) {
      if numbers.count == index.count {
        series[field] = numbers
      } else if field != "lambda" {
        notes.append("\(name): \(field) holds \(numbers.count) values where \(index.count) were expected; it is left out")
      }
    }
    for field in Self.required(kind) where series[field] == nil && lists[field] == nil {
      notes.append("\(name): there is no list of numbers named \(field)")
    }
    let sigmas = value["sigmas"]?.doubles
    let levels = sigmas ?? value["timesteps"]?.doubles ?? []
    self.kind = kind
    self.steps = value["steps"]?.integer
    self.indices = index
    self.levels = levels.count == index.count ? levels : []
    self.levelName = sigmas == nil ? "model_timestep" : "sigma"
    self.samples = value["samples"]?.integer
    self.series = series
    self.notes = notes
  }

  private static func kind(of value: JSONValue) -> Kind? {
    switch (value["kind"]?.text, value["mode"]?.text) {
    case ("epsilon-norms", "training"): .trainingNorms
    case ("epsilon-norms", _): .samplingNorms
    case ("delta", _): .delta
    case ("single-step", _): .singleStep
    default: nil
    }
  }

  private static func required(_ kind: Kind) -> [String] {
    switch kind {
    case .trainingNorms, .samplingNorms: ["epsilon_norm"]
    case .delta, .singleStep: ["delta"]
    }
  }

  private static func numbers(_ value: JSONValue) -> [Double?]? {
    guard let list = value.list else { return nil }
    var numbers: [Double?] = []
    for item in list {
      guard item == .null || item.double != nil else { return nil }
      numbers.append(item.double.flatMap { $0.isFinite ? $0 : nil })
    }
    return numbers
  }

  private static func indices(fields: [String: JSONValue], lists: [String: [Double?]], kind: Kind) -> [Int] {
    if let given = fields["indices"]?.list?.map(\.integer), !given.isEmpty {
      let whole = given.compactMap { $0 }.filter { (0..<1_000_000).contains($0) }
      if whole.count == given.count, Set(whole).count == whole.count { return whole }
    }
    let length = required(kind).compactMap { lists[$0]?.count }.first ?? lists.values.map(\.count).max() ?? 0
    return Array(0..<length)
  }
}

extension Curve {
  /// The values of a series by timestep as people count it (index + 1).
  func points(_ name: String) -> [Int: Double] {
    points(series[name] ?? [])
  }

  func points(_ values: [Double?]) -> [Int: Double] {
    var points: [Int: Double] = [:]
    for (index, value) in zip(indices, values) {
      if let value { points[index + 1] = value }
    }
    return points
  }

  /// The norm after division by lambda: as recorded, else computed, else the raw norm (no scaling is known).
  var scaledNorm: [Int: Double] {
    if let recorded = series["epsilon_norm_scaled"] { return points(recorded) }
    guard let lambda = series["lambda"] else { return points("epsilon_norm") }
    let factor = points(lambda)
    return Dictionary(
      uniqueKeysWithValues: points("epsilon_norm").map { step, norm in (step, norm / (factor[step].flatMap { $0 == 0 ? nil : $0 } ?? 1)) })
  }

  /// Number of sampling steps, said or seen.
  var stepCount: Int { steps ?? (indices.max().map { $0 + 1 } ?? 0) }
}
