/// What a field of a stage is about, where that is more than a setting: declared by the stage in its parameter schema, kept in run
/// records, and asked by whoever compares the cells of a sweep.
public enum FieldMeaning: String, Sendable, Hashable, CaseIterable {
  case setting
  /// Another draw of the same experiment: a seed, the index of a first sample.
  case replicate
  /// lambda(i) = slope i + offset, what Epsilon Scaling divides the noise prediction by.
  case lambdaSlope = "lambda-slope"
  case lambdaOffset = "lambda-offset"
}
