import Basics

/// |m1 - m2|² + tr(S1 + S2 - 2 (S1 S2)^(1/2)), the Fréchet distance of two Gaussians (Heusel et al. 2017).
///
/// The root is taken by the symmetric route: tr (S1 S2)^(1/2) is the sum of the square roots of the eigenvalues of
/// S1^(1/2) S2 S1^(1/2). No covariance is regularised; negative eigenvalues, which only rounding makes, count as 0. The
/// result may be slightly negative for equal sets.
public func frechetDistance(_ first: GaussianStatistics, _ second: GaussianStatistics) throws -> Double {
  guard first.width == second.width else {
    throw PlumbError("statistics of unlike features", expected: "\(first.width) features", found: "\(second.width)")
  }
  let width = first.width
  let root = try symmetricRoot(first.covariance, width: width)
  let product = multiply(multiply(root, second.covariance, width: width), root, width: width)
  let eigenvalues = try SymmetricEigen.values(of: product, width: width)

  var distance = 0.0
  for feature in 0..<width {
    let difference = first.mean[feature] - second.mean[feature]
    distance += difference * difference
  }
  var traces = 0.0
  for feature in 0..<width { traces += first.covariance[feature * (width + 1)] + second.covariance[feature * (width + 1)] }
  return distance + traces - 2 * eigenvalues.reduce(0) { $0 + max($1, 0).squareRoot() }
}

/// The symmetric square root U sqrt(w) Uᵀ of a covariance.
private func symmetricRoot(_ matrix: [Double], width: Int) throws -> [Double] {
  let (values, vectors) = try SymmetricEigen.decompose(matrix, width: width)
  var scaled = vectors
  for row in 0..<width {
    for column in 0..<width { scaled[row * width + column] *= max(values[column], 0).squareRoot() }
  }
  return multiply(scaled, vectors, transposingSecond: true, width: width)
}
