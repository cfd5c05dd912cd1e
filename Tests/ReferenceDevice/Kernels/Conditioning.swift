import Engine
import Foundation

extension TimestepEmbedding: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let angles = (0..<width / 2).map { k in site.x[0] * exp(-log(maxPeriod) * Double(k) / Double(halfDivisor)) }
    let values = halves(angles, order)
    return values + [Double](repeating: 0, count: width - values.count)
  }
}

extension FourierEmbedding: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { halves(site.parameter(frequencies).map { site.x[0] * 2 * .pi * $0 }, order) }
}

private func halves(_ angles: [Double], _ order: EmbeddingOrder) -> [Double] {
  let (cosines, sines) = (angles.map { cos($0) }, angles.map { sin($0) })
  return order == .cosineFirst ? cosines + sines : sines + cosines
}

extension OneHot: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { (0..<classes).map { Double($0) == site.x[0] ? Double(scale) : 0 } }
}

extension EmbeddingTable: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let (row, width) = (Int(site.x[0]), weight.shape[1])
    return Array(site.parameter(weight)[row * width..<(row + 1) * width])
  }
}

extension Linear: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let (x, weights, biases) = (site.x, site.parameter(weight), bias.map(site.parameter))
    return (0..<outputWidth).map { (o: Int) -> Double in
      var sum = biases?[o] ?? 0
      for i in 0..<x.count { sum += weights[o * x.count + i] * x[i] }
      return sum
    }
  }
}
