import ArtifactStore
import Basics
import Networks
import Results
import Scoring
import StageRuntime
import StageSchema

/// What is known of statistics before they are there.
struct StatisticsFacts: PortFacts {
  /// Images.
  let count: Int
  let source: FeatureSource
  /// What was accumulated, by name.
  let kinds: Set<String>
}

/// Where features come from.
enum FeatureSource: Sendable, Hashable {
  /// The pictures themselves, averaged down: `PixelFeatures`.
  case pixels(ImageShape)
  case network(NetworkDescription, FeatureLayout)

  init(_ facts: FeatureFacts) { self = .network(facts.description, FeatureLayout(vectors: facts.vectors)) }

  var layout: FeatureLayout {
    switch self {
    case .pixels(let image): FeatureLayout([.features: PixelFeatures(image).count])
    case .network(_, let layout): layout
    }
  }

  /// For messages.
  var label: String {
    switch self {
    case .pixels(let image): "pixels of \(image.label)"
    case .network(let network, _): "features of \(network.architecture)"
    }
  }
}

extension FeatureLayout {
  init(vectors: [String: Int]) {
    self.init(Dictionary(vectors.map { (FeatureTap(rawValue: $0.key), $0.value) }, uniquingKeysWith: { first, _ in first }))
  }
}

/// What an artifact of statistics says of itself, `{"count": 2000, "features": "…"}`, and so a part of its digest.
struct StatisticsRecord: Sendable, Hashable {
  /// Images.
  let count: Int
  /// What they are statistics of, the digest of the feature network's artifact or "pixels": those of other features are not
  /// compared with them.
  let features: String

  private enum Key: String {
    case count, features
  }

  /// - Parameter network: the feature network; nil for pixels.
  init(count: Int, network: Artifact?) {
    self.count = count
    features = network?.digest.hex ?? "pixels"
  }

  init(_ artifact: Artifact) throws {
    let fields = try Fields<Key>(artifact.facts, of: "the statistics of images")
    count = try fields.integer(.count)
    features = try fields.text(.features)
  }

  var json: JSONValue { JSONValue(fields: [Key.count: JSONValue(count), .features: .text(features)]) }
}

extension FeatureSummary {
  /// Reads statistics back from an artifact. Throws when it lacks one of the kinds.
  init(_ artifact: Artifact, _ kinds: [any FeatureAccumulation.Type], in context: StageContext) throws {
    try self.init(count: StatisticsRecord(artifact).count, kinds) { name in
      try StatisticsTensor.numbers(of: context.store.read(artifact.part(name)))
    }
  }
}
