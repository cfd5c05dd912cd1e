import Basics
import CLAPACKE

/// Eigenvalues of symmetric matrices, row-major float64, by LAPACK's divide and conquer (dsyevd).
package enum SymmetricEigen {
  /// Ascending eigenvalues and, as columns, their eigenvectors.
  package static func decompose(_ matrix: [Double], width: Int) throws -> (values: [Double], vectors: [Double]) {
    var vectors = matrix
    let values = try run(&vectors, width: width, job: "V")
    return (values, vectors)
  }

  /// Ascending eigenvalues.
  package static func values(of matrix: [Double], width: Int) throws -> [Double] {
    var destroyed = matrix
    return try run(&destroyed, width: width, job: "N")
  }

  private static func run(_ matrix: inout [Double], width: Int, job: Unicode.Scalar) throws -> [Double] {
    guard let order = Int32(exactly: width), matrix.count == width * width else {
      throw PlumbError("a matrix is not square", expected: "\(width) squared", found: "\(matrix.count) values")
    }
    oneThread
    var values = [Double](repeating: 0, count: width)
    let status = LAPACKE_dsyevd(
      LAPACK_ROW_MAJOR, CChar(truncatingIfNeeded: job.value), CChar(truncatingIfNeeded: ("U" as Unicode.Scalar).value), order, &matrix,
      order,
      &values)
    guard status == 0 else {
      throw PlumbError("eigenvalues did not converge", at: "LAPACKE_dsyevd", expected: "status 0", found: "\(status)")
    }
    return values
  }
}

/// OpenBLAS with one thread, so that the order of additions, and with it the bits, does not depend on the host's cores.
private let oneThread: Void = openblas_set_num_threads(1)

/// The product of two row-major square matrices of `width`, the second transposed when asked.
package func multiply(_ first: [Double], _ second: [Double], transposingSecond: Bool = false, width: Int) -> [Double] {
  oneThread
  let (rowMajor, plain, transposed) = (Int32(101), Int32(111), Int32(112))
  let order = Int32(truncatingIfNeeded: width)
  var product = [Double](repeating: 0, count: width * width)
  cblas_dgemm(
    rowMajor, plain, transposingSecond ? transposed : plain, order, order, order, 1, first, order, second, order, 0, &product, order)
  return product
}
