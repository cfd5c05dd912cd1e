/// How a network is computed; part of the numerics profile, so that results of two modes never meet under one key.
public enum NumericsMode: String, Sendable, Hashable, CaseIterable {
  /// Direct convolution, float32: what golden cases are compared in. (A `fast` mode will stand beside it.)
  case reference
}
