import Basics
import Foundation
import Scoring

/// What decides the last bits of a run beside this project's own code. Pinned digests are compared on machines that agree in
/// it. Our kernels are no part of it: they fix the order of every sum, and one that changes has to be noticed.
enum MachineArithmetic: String, CaseIterable {
  /// The C library's functions.
  case mathematics
  /// Those, and LAPACK's and BLAS's, which choose their kernels by processor.
  case linearAlgebra = "linear algebra"

  /// SHA-256 of results of fixed numbers.
  func digest() throws -> Digest {
    var numbers = Self.functions
    if self == .linearAlgebra { numbers += try Self.eigenvalues() }
    var digester = Digester()
    for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { digester.update($0) } }
    return digester.finish()
  }

  private static var functions: [Double] {
    (1...200).flatMap { index -> [Double] in
      let x = Double(index) / 37
      let single = Float(x)
      let doubles = [
        exp(x), exp(-x), expm1(x), log(x), log1p(x), log2(x), log10(x), sin(x), cos(x), tan(x), tanh(x), erf(x), erfc(x), sqrt(x), cbrt(x),
        pow(x, 0.37), pow(x, -2.3),
      ]
      return doubles + [exp(single), log(single), sin(single), cos(single), tanh(single), erf(single), sqrt(single)].map(Double.init)
    }
  }

  /// Of a matrix of the size of the shipped features, and of its product with its eigenvectors.
  private static func eigenvalues() throws -> [Double] {
    let width = 64
    let matrix = (0..<width * width).map { index -> Double in
      let (row, column) = (index / width, index % width)
      return (row == column ? 2 : 0) + 1 / (1 + Double((row - column) * (row - column)) / 3)
    }
    let (values, vectors) = try SymmetricEigen.decompose(matrix, width: width)
    return values + multiply(matrix, vectors, width: width) + (try SymmetricEigen.values(of: matrix, width: width))
  }
}
