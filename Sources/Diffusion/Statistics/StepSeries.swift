import Basics

/// One statistic for each respaced index of a process.
public struct StepSeries<Element: Mergeable & NumberCodable>: Mergeable, NumberCodable {
  /// Position i belongs to index i.
  public private(set) var steps: [Element]

  public init(repeating element: Element, count: Int) { steps = Array(repeating: element, count: count) }

  /// Changes the statistic of an index in place; throws when there is no such index.
  public mutating func update(_ index: Int, _ change: (inout Element) throws -> Void) throws {
    guard steps.indices.contains(index) else {
      throw PlumbError("no statistic is kept for this step", expected: "an index below \(steps.count)", found: "\(index)")
    }
    try change(&steps[index])
  }

  public mutating func merge(_ other: StepSeries) throws {
    guard steps.count == other.steps.count else {
      throw PlumbError("series of unlike processes", expected: "\(steps.count) steps", found: "\(other.steps.count)")
    }
    for index in steps.indices { try steps[index].merge(other.steps[index]) }
  }

  public func write(to numbers: inout [Double]) {
    numbers.append(Double(steps.count))
    for step in steps { step.write(to: &numbers) }
  }

  public init(from numbers: inout NumberReader) throws {
    steps = []
    for _ in 0..<(try numbers.nextCount()) { steps.append(try Element(from: &numbers)) }
  }
}

extension StepSeries: Equatable where Element: Equatable {}
