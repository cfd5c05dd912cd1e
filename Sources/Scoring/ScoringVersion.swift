/// Versions of what is computed here; part of the keys of what uses it.
package enum ScoringVersion {
  /// How features are made of pixels, and what is accumulated of features.
  package static let features = 1
  /// The metrics' formulas and the linear algebra below them.
  package static let metrics = 1
}
