/// Integers that enter keys.
public enum EngineVersion {
  /// Raised whenever any kernel or pass gives other bits; a test pins the probe's digest beside it.
  public static let arithmetic = 1
}
