import Basics

/// Count, mean and sum of squared deviations per element, streamed in float64.
///
/// Values are added one sample at a time (Welford 1962); two sets combine by the formula of Chan, Golub and LeVeque
/// (1979). Neither suffers the cancellation of a sum of squares.
public struct Moments: Mergeable, NumberCodable, Hashable {
  public private(set) var count = 0
  /// One mean per element; empty as long as nothing was added.
  public private(set) var mean: [Double] = []
  /// One sum of squared deviations from the mean per element.
  public private(set) var squaredDeviations: [Double] = []

  public init() {}

  /// Adds one sample. `value` gives the sample's elements by index and is asked once for each.
  public mutating func add(elementCount: Int, _ value: (Int) -> Double) throws {
    if count == 0 {
      mean = [Double](repeating: 0, count: elementCount)
      squaredDeviations = mean
    }
    try check(elementCount)
    count += 1
    let size = Double(count)
    mean.withUnsafeMutableBufferPointer { mean in
      squaredDeviations.withUnsafeMutableBufferPointer { squares in
        for element in 0..<elementCount {
          let value = value(element)
          let deviation = value - mean[element]
          mean[element] += deviation / size
          squares[element] += deviation * (value - mean[element])
        }
      }
    }
  }

  public mutating func merge(_ other: Moments) throws {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    try check(other.mean.count)
    let total = Double(count + other.count)
    let share = Double(other.count) / total
    let weight = Double(count) * Double(other.count) / total
    for element in mean.indices {
      let difference = other.mean[element] - mean[element]
      mean[element] += difference * share
      squaredDeviations[element] += other.squaredDeviations[element] + difference * difference * weight
    }
    count += other.count
  }

  /// Population variance (divisor n) per element; empty without samples.
  public var variance: [Double] { squaredDeviations.map { $0 / Double(max(count, 1)) } }

  /// The mean over elements of the population standard deviation over samples; NaN without samples.
  public var meanDeviation: Double {
    guard count > 0, !mean.isEmpty else { return .nan }
    return variance.reduce(0) { $0 + $1.squareRoot() } / Double(mean.count)
  }

  private func check(_ elementCount: Int) throws {
    guard elementCount == mean.count else {
      throw PlumbError("moments of unlike things", expected: "\(mean.count) elements", found: "\(elementCount)")
    }
  }

  public func write(to numbers: inout [Double]) {
    numbers.append(Double(count))
    numbers.append(Double(mean.count))
    numbers.append(contentsOf: mean)
    numbers.append(contentsOf: squaredDeviations)
  }

  public init(from numbers: inout NumberReader) throws {
    count = try numbers.nextCount()
    let elements = try numbers.nextCount()
    mean = try numbers.next(elements)
    squaredDeviations = try numbers.next(elements)
  }
}
