public import Networks
public import StageSchema

/// What a stage asks of what flows in.
extension FactInputs {
  public func network(_ port: String) throws -> NetworkFacts {
    guard let facts = items[port]?.first as? NetworkFacts else { throw missing(port, "network") }
    return facts
  }

  /// The first stage on a port that carries one, alone or with its network; nil when the port is not connected.
  public func firstStage(_ port: String) -> (any FirstStage)? {
    switch items[port]?.first {
    case let facts as FirstStageFacts: facts.network
    case let facts as NetworkFacts: facts.firstStage
    default: nil
    }
  }

  /// The classifier on an optional port; nil when it is not connected.
  public func classifier(_ port: String) -> ClassifierFacts? {
    items[port]?.first as? ClassifierFacts
  }

  public func features(_ port: String) throws -> FeatureFacts {
    guard let facts = items[port]?.first as? FeatureFacts else { throw missing(port, "features") }
    return facts
  }

  public func dataset(_ port: String) throws -> DatasetFacts {
    guard let facts = items[port]?.first as? DatasetFacts else { throw missing(port, "dataset") }
    return facts
  }

  private func missing(_ port: String, _ expected: String) -> StageIssue {
    StageIssue(.input(port), "input \(port) carries nothing usable", expected: expected)
  }
}
