/// Which form of the Gaussian error linear unit (Hendrycks and Gimpel 2016).
public enum GELUApproximation: String, Hashable, Sendable, BitwiseCopyable {
  /// With the error function.
  case none
  /// With a hyperbolic tangent, as the authors propose for speed.
  case tanh
}
