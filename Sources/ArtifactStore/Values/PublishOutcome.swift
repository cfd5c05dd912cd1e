/// How publishing a result ended.
public enum PublishOutcome: Sendable, Hashable {
  case published
  /// Another writer had published the same outputs.
  case alreadyThere
  /// Published in place of something else whose objects were lost: a computation is not deterministic.
  case replaced(ResultManifest)
  /// Another writer had published something else under the same key, which stays: a computation is not deterministic.
  case conflict(existing: ResultManifest)
}
