import Basics
public import Diffusion
import Foundation

/// The sums behind the class score exp(E KL(p(y|x) ‖ p(y))), the formula of the Inception Score (Salimans et al. 2016)
/// on any classifier: mergeable, so that one pass over the samples is enough.
public struct ClassScore: Mergeable, NumberCodable, Hashable {
  public private(set) var count = 0
  private var probabilities: [Double]
  /// Sum over samples of Σ p log p.
  private var negativeEntropy = 0.0

  /// Throws unless there is a class.
  public init(classes: Int) throws {
    guard (1...1_000_000).contains(classes) else {
      throw PlumbError("no such number of classes", expected: "1 to 1000000", found: "\(classes)")
    }
    probabilities = [Double](repeating: 0, count: classes)
  }

  /// Adds the class probabilities of one sample.
  public mutating func add(_ row: some Collection<Double>) throws {
    guard row.count == probabilities.count else {
      throw PlumbError("class probabilities do not fit", expected: "\(probabilities.count) classes", found: "\(row.count)")
    }
    count += 1
    var sum = 0.0
    for (index, probability) in row.enumerated() {
      probabilities[index] += probability
      if probability > 0 { sum += probability * log(probability) }
    }
    negativeEntropy += sum
  }

  /// Adds the softmax of one sample's logits, in float64.
  public mutating func add(logits: some Collection<Float>) throws {
    let largest = Double(logits.max() ?? 0)
    let powers = logits.map { exp(Double($0) - largest) }
    let sum = powers.reduce(0, +)
    try add(powers.map { $0 / sum })
  }

  public mutating func merge(_ other: ClassScore) throws {
    guard probabilities.count == other.probabilities.count else {
      throw PlumbError("scores of unlike classes", expected: "\(probabilities.count) classes", found: "\(other.probabilities.count)")
    }
    count += other.count
    for index in probabilities.indices { probabilities[index] += other.probabilities[index] }
    negativeEntropy += other.negativeEntropy
  }

  /// The score of all samples as one split; NaN without samples.
  public var score: Double {
    let size = Double(count)
    let marginal = probabilities.reduce(0.0) { sum, total in total > 0 ? sum + total / size * log(total / size) : sum }
    return exp(negativeEntropy / size - marginal)
  }

  public func write(to numbers: inout [Double]) {
    numbers.append(contentsOf: [Double(probabilities.count), Double(count), negativeEntropy])
    numbers.append(contentsOf: probabilities)
  }

  public init(from numbers: inout NumberReader) throws {
    try self.init(classes: try numbers.nextCount())
    count = try numbers.nextCount()
    negativeEntropy = try numbers.next()
    probabilities = try numbers.next(probabilities.count)
  }
}
