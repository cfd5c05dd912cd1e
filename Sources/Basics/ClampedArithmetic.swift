/// Arithmetic of figures (costs, estimates): what is too large for an Int stays at the largest one. Not for what is indexed
/// or allocated, where a number that does not fit is an error.
extension Int {
  /// The sum of two numbers that are not negative.
  package func clampedPlus(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product of two numbers that are not negative.
  package func clampedTimes(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
