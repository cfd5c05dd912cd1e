import ArtifactStore
import Basics
import Checkpoints
import Networks
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

extension FeatureSummary {
  /// Reads statistics back from an artifact. Throws when it lacks one of the kinds.
  init(_ artifact: Artifact, _ kinds: [any FeatureAccumulation.Type], in context: StageContext) throws {
    guard let count = artifact.facts["count"]?.integer else { throw PlumbError("the artifact has no statistics of images") }
    try self.init(count: count, kinds) { name in
      try Safetensors.decode(context.store.read(artifact.part(name))).read("statistics").doubles()
    }
  }
}
