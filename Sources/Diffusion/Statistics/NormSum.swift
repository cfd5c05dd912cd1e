import Basics

/// Sums of the L2 norm of images and of its square, in float64.
public struct NormSum: Mergeable, NumberCodable, Hashable {
  public private(set) var count = 0
  public private(set) var sum = 0.0
  public private(set) var sumOfSquares = 0.0

  public init() {}

  /// Adds the norm over all values of one image.
  public mutating func add(_ image: UnsafeBufferPointer<Float>) {
    var squares = 0.0
    for value in image { squares += Double(value) * Double(value) }
    count += 1
    sum += squares.squareRoot()
    sumOfSquares += squares
  }

  public mutating func merge(_ other: NormSum) {
    count += other.count
    sum += other.sum
    sumOfSquares += other.sumOfSquares
  }

  /// Mean norm per image; NaN without images.
  public var mean: Double { sum / Double(count) }
  /// Root of the mean squared norm; NaN without images.
  public var rootMeanSquare: Double { (sumOfSquares / Double(count)).squareRoot() }

  public func write(to numbers: inout [Double]) { numbers.append(contentsOf: [Double(count), sum, sumOfSquares]) }

  public init(from numbers: inout NumberReader) throws {
    count = try numbers.nextCount()
    sum = try numbers.next()
    sumOfSquares = try numbers.next()
  }
}
