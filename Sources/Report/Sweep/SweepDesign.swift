package import Basics
package import Results

/// What the axes of a run mean, as its record says: which of them are draws of one experiment, which are settings, and what lambda
/// is at every point. Nothing is guessed from names.
package struct SweepDesign: Sendable {
  /// What may be done along an axis.
  package enum Role: Sendable, Hashable {
    /// It fills Epsilon Scaling of the compared stage, and no other kind of field: what its rows are compared in.
    case scaling
    /// It fills seeds or first indices only: its rows are averaged.
    case replicate
    case setting
  }

  /// nil when the record does not say; then nothing is compared.
  let axes: [String: RecordedAxis]?
  /// The stage whose lambda the rows are compared in: the first that an axis scales. An axis that scales other stages only is a
  /// setting, like any other in which two rows may differ.
  private let scaledStage: String?
  private let lambdas: LambdaTable

  /// - Parameter lambdas: lambda at points of the axes, all of which name the same axes.
  package init(axes: [RecordedAxis]?, lambdas: [[String: JSONValue]: Lambda] = [:]) {
    self.axes = axes.map { Dictionary($0.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }) }
    scaledStage = Self.scaledStage(axes ?? [])
    self.lambdas = LambdaTable(axes: Set(lambdas.keys.first?.keys.map { $0 } ?? []), values: lambdas)
  }

  package init(_ record: RunRecord) {
    // The stage whose lambda the axes set; without one, any stage that has a lambda.
    let stage =
      Self.scaledStage(record.axes ?? [])
      ?? record.meanings.keys.sorted().first { name in
        record.meanings[name]?.values.contains(where: Self.scalings.contains) ?? false
      }
    let fields = stage.flatMap { record.meanings[$0] } ?? [:]
    func path(_ meaning: FieldMeaning) -> String? { fields.keys.sorted().first { fields[$0] == meaning } }
    var lambdas: [[String: JSONValue]: Lambda] = [:]
    if let slope = path(.lambdaSlope), let offset = path(.lambdaOffset) {
      for cell in record.cells where cell.stage == stage {
        guard let slope = cell.parameter(slope)?.double, let offset = cell.parameter(offset)?.double else { continue }
        lambdas[cell.coordinates] = Lambda(slope: slope, offset: offset)
      }
    }
    self.init(axes: record.axes, lambdas: lambdas)
  }

  private static let scalings: Set<FieldMeaning> = [.lambdaSlope, .lambdaOffset]

  private static func scaledStage(_ axes: [RecordedAxis]) -> String? {
    axes.flatMap(\.fills).first { scalings.contains($0.meaning) }?.stage
  }

  package func role(of axis: String) -> Role {
    guard let axis = axes?[axis] else { return .setting }
    if axis.isReplicate { return .replicate }
    let scalesOnly = axis.fills.allSatisfy { Self.scalings.contains($0.meaning) }
    return scalesOnly && axis.fills.contains { $0.stage == scaledStage } ? .scaling : .setting
  }

  /// What the noise prediction is divided by along some of the axes.
  package func lambdas(along axes: [String]) -> LambdaTable { lambdas.along(Set(axes)) }
}

/// What the noise prediction is divided by at points of some axes.
package struct LambdaTable: Sendable {
  let axes: Set<String>
  /// By coordinates along those axes.
  let values: [[String: JSONValue]: Lambda]

  /// The same along fewer axes, where lambda does not vary along the others: a table of one seed knows no seeds.
  func along(_ wanted: Set<String>) -> LambdaTable {
    let kept = axes.intersection(wanted)
    guard kept != axes else { return self }
    var found: [[String: JSONValue]: Lambda] = [:]
    var isVarying: Set<[String: JSONValue]> = []
    for (point, lambda) in values {
      let place = point.filter { kept.contains($0.key) }
      if let other = found.updateValue(lambda, forKey: place), other != lambda { isVarying.insert(place) }
    }
    return LambdaTable(axes: kept, values: found.filter { !isVarying.contains($0.key) })
  }

  /// nil where it is not known.
  package subscript(_ coordinates: [String: JSONValue]) -> Lambda? { values[coordinates.filter { axes.contains($0.key) }] }
}

/// lambda(i) = slope i + offset, over the respaced index i.
package struct Lambda: Sendable, Hashable {
  let slope: Double
  let offset: Double

  package init(slope: Double, offset: Double) { (self.slope, self.offset) = (slope, offset) }

  /// The plain sampler.
  var isOne: Bool { slope == 0 && offset == 1 }

  /// `b = 1.02`, `λ(i) = 0.004 i + 1`.
  package var text: String {
    guard slope != 0 else { return "b = \(NumberText.plain(offset))" }
    return "λ(i) = \(NumberText.plain(slope)) i \(offset < 0 ? "−" : "+") \(NumberText.plain(abs(offset)))"
  }
}

extension RecordedCell {
  /// The value of a field by its path below `with`: `epsilon_scaling.b`.
  fileprivate func parameter(_ path: String) -> JSONValue? {
    let names = path.split(separator: ".").map(String.init)
    guard let first = names.first, var value = parameters[first] else { return nil }
    for name in names.dropFirst() {
      guard let inner = value[name] else { return nil }
      value = inner
    }
    return value
  }
}
