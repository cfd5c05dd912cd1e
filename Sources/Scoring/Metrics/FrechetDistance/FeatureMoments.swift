import Basics
public import Diffusion

/// Mean and covariance of feature vectors, streamed and merged in float64.
///
/// One vector is added at a time (Welford 1962), two sets combine by the formula of Chan, Golub and LeVeque (1979); over
/// `LeafReduction` the bits depend on the vectors only.
public struct FeatureMoments: Mergeable, NumberCodable, Hashable {
  /// Features of a vector.
  public let width: Int
  public private(set) var count = 0
  public private(set) var mean: [Double]
  /// Sums of products of deviations, upper triangle by rows: (0,0), (0,1), …, (1,1), …
  private var scatter: [Double]

  /// Throws unless `width` is from 1 to 65,536.
  public init(width: Int) throws {
    guard (1...65_536).contains(width) else { throw PlumbError("no such number of features", expected: "1 to 65536", found: "\(width)") }
    self.width = width
    mean = [Double](repeating: 0, count: width)
    scatter = [Double](repeating: 0, count: width * (width + 1) / 2)
  }

  /// Adds the vectors of a row-major matrix [rows, width].
  public mutating func add(rows: [Float]) throws {
    guard rows.count % width == 0 else {
      throw PlumbError("feature vectors do not fit", expected: "rows of \(width) features", found: "\(rows.count) values")
    }
    rows.withUnsafeBufferPointer { addVectors($0) }
  }

  /// Adds whole vectors, one after the other. The sums of products take them row by row of the matrix, so that a wide one is gone
  /// through once; every sum sees its addends in the order of the vectors, and so has the bits it has when they come one by one.
  private mutating func addVectors(_ rows: UnsafeBufferPointer<Float>) {
    let (width, vectors) = (width, rows.count / width)
    var deviations = [Double](repeating: 0, count: vectors * width)
    var weights = [Double](repeating: 0, count: vectors)
    for vector in 0..<vectors {
      count += 1
      weights[vector] = Double(count - 1) / Double(count)
      for feature in 0..<width {
        let deviation = Double(rows[vector * width + feature]) - mean[feature]
        deviations[vector * width + feature] = deviation
        mean[feature] += deviation / Double(count)
      }
    }
    addProducts(of: deviations, weights: weights)
  }

  public mutating func merge(_ other: FeatureMoments) throws {
    guard width == other.width else {
      throw PlumbError("moments of unlike features", expected: "\(width) features", found: "\(other.width)")
    }
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let total = Double(count + other.count)
    let differences = (0..<width).map { other.mean[$0] - mean[$0] }
    for place in scatter.indices { scatter[place] += other.scatter[place] }
    addProducts(of: differences, weights: [Double(count) * Double(other.count) / total])
    for feature in 0..<width { mean[feature] += differences[feature] * (Double(other.count) / total) }
    count += other.count
  }

  /// Adds the products of the deviations of one vector after the other, each with its weight.
  private mutating func addProducts(of deviations: [Double], weights: [Double]) {
    let width = width
    scatter.withUnsafeMutableBufferPointer { scatter in
      deviations.withUnsafeBufferPointer { deviations in
        var place = 0
        for row in 0..<width {
          for (vector, weight) in weights.enumerated() {
            let (start, factor) = (vector * width, weight * deviations[vector * width + row])
            for column in row..<width { scatter[place + column - row] += factor * deviations[start + column] }
          }
          place += width - row
        }
      }
    }
  }

  /// Mean and covariance with divisor N - 1; throws with fewer than two vectors.
  public func statistics() throws -> GaussianStatistics {
    guard count > 1 else { throw PlumbError("a covariance needs at least two samples", found: "\(count)") }
    var covariance = [Double](repeating: 0, count: width * width)
    var place = 0
    for row in 0..<width {
      for column in row..<width {
        covariance[row * width + column] = scatter[place] / Double(count - 1)
        covariance[column * width + row] = covariance[row * width + column]
        place += 1
      }
    }
    return try GaussianStatistics(mean: mean, covariance: covariance)
  }

  public func write(to numbers: inout [Double]) {
    numbers.append(contentsOf: [Double(width), Double(count)])
    numbers.append(contentsOf: mean)
    numbers.append(contentsOf: scatter)
  }

  public init(from numbers: inout NumberReader) throws {
    try self.init(width: try numbers.nextCount())
    count = try numbers.nextCount()
    mean = try numbers.next(width)
    scatter = try numbers.next(width * (width + 1) / 2)
  }
}

/// A mean and a covariance: all the Fréchet distance knows of a set.
public struct GaussianStatistics: Sendable, Hashable {
  public let mean: [Double]
  /// Row-major [width, width], symmetric.
  public let covariance: [Double]
  public var width: Int { mean.count }

  /// Throws when the covariance is not width × width or a value is not finite.
  public init(mean: [Double], covariance: [Double]) throws {
    guard !mean.isEmpty, mean.count <= 65_536, covariance.count == mean.count * mean.count else {
      throw PlumbError("a covariance does not fit its mean", expected: "\(mean.count) squared", found: "\(covariance.count) values")
    }
    guard mean.allSatisfy(\.isFinite), covariance.allSatisfy(\.isFinite) else {
      throw PlumbError("feature statistics are not finite")
    }
    self.mean = mean
    self.covariance = covariance
  }
}
