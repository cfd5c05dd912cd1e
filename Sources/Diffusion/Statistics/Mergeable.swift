import Basics

/// A statistic of a set of samples that combines with that of another set.
public protocol Mergeable: Sendable {
  /// Adds the statistic of `other`, whose samples come after these. Throws when the two do not describe like things.
  mutating func merge(_ other: Self) throws
}

/// A value with an exact form as a list of float64 numbers, as artifacts hold it.
public protocol NumberCodable: Sendable {
  func write(to numbers: inout [Double])
  /// Throws when the numbers end early or do not make sense.
  init(from numbers: inout NumberReader) throws
}

extension NumberCodable {
  public var numbers: [Double] {
    var numbers: [Double] = []
    write(to: &numbers)
    return numbers
  }

  /// Reads what `numbers` gave; throws unless every number is used.
  public init(numbers: [Double]) throws {
    var reader = NumberReader(numbers)
    try self.init(from: &reader)
    try reader.finish()
  }
}

/// Reads numbers in the order they were written.
public struct NumberReader {
  private let numbers: [Double]
  private var position = 0

  public init(_ numbers: [Double]) { self.numbers = numbers }

  public mutating func next() throws -> Double {
    guard position < numbers.count else { throw PlumbError("a statistic ends early", at: "number \(position)") }
    position += 1
    return numbers[position - 1]
  }

  public mutating func next(_ count: Int) throws -> [Double] {
    guard count <= numbers.count - position else {
      throw PlumbError("a statistic ends early", at: "number \(position)", expected: "\(count) more", found: "\(numbers.count - position)")
    }
    position += count
    return Array(numbers[position - count..<position])
  }

  /// A count or index: a whole number from 0.
  public mutating func nextCount() throws -> Int {
    let number = try next()
    guard let count = Int(exactly: number), count >= 0 else {
      throw PlumbError("a statistic is damaged", at: "number \(position - 1)", expected: "a count", found: "\(number)")
    }
    return count
  }

  public func finish() throws {
    guard position == numbers.count else {
      throw PlumbError("a statistic is longer than it should be", expected: "\(position) numbers", found: "\(numbers.count)")
    }
  }
}
