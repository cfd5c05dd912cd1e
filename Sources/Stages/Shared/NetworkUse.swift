import ArtifactStore
import Basics
import Diffusion
import Engine
import Networks
import StageRuntime
import StageSchema

/// What the stages that evaluate a diffusion network share.
struct NetworkUse {
  let predictor: LanePredictor
  let batch: Int
  let facts: NetworkFacts
  var network: any Network { facts.network }

  /// The network of an artifact, of which the facts are known, on this thread's lane.
  init(_ artifact: Artifact, _ facts: NetworkFacts, in context: StageContext) throws {
    let resident = try context.lane(for: artifact)
    self.facts = facts
    batch = resident.batch
    predictor = LanePredictor(
      lane: resident.lane, batch: batch, imageCount: facts.network.image.count, isClassConditional: facts.network.classCount != nil,
      advanced: { context.advance(evaluations: $0) })
  }

  /// Classes of the images that samples start from. A dataset without classes cannot feed a class-conditional network.
  /// Neither can one feed a classifier: `isSteered`.
  func labels(of dataset: ResidentDataset, order: ImageOrder, isSteered: Bool = false) throws -> ClassLabels? {
    guard network.classCount != nil || isSteered else { return nil }
    guard let labels = dataset.labels else {
      throw PlumbError(
        "\(isSteered ? "a classifier guides to classes" : "the network is class-conditional"), the dataset has no labels",
        at: "input dataset", expected: "an array \"labels\"")
    }
    return .ofImages(labels, order: order)
  }

  /// The versions a cell depends on through its network and the engine.
  static func versions(_ facts: NetworkFacts) -> [String: Int] {
    ["network \(type(of: facts.network).architecture)": type(of: facts.network).version, "engine": EngineVersion.arithmetic]
  }

  /// The cost of `evaluations` per sample of the network at the port of that name.
  static func cost(
    _ facts: NetworkFacts, _ inputs: FactInputs, evaluations: Int, outputBytes: Int, laneBytes: Int, sharedBytes: Int
  ) throws -> StageCost {
    let own = try inputs.cost(of: facts.network, at: "network")
    return StageCost(
      evaluations: evaluations, flopsPerEvaluation: own.flopsPerEvaluation, outputBytes: outputBytes, networks: [own.memory],
      laneBytes: laneBytes, sharedBytes: sharedBytes)
  }

  /// Bytes of a chain's buffers: states, output, predictions and draws, eight images of floats per sample of a batch.
  static func chainBytes(image: Int, batch: Int) -> Int { 8 * 4 * image * batch }

  /// Throws unless dataset and network have images of one shape.
  static func check(_ dataset: DatasetFacts, fits facts: NetworkFacts) throws {
    guard dataset.areLatents == (facts.firstStage != nil) else {
      throw StageIssue(
        .input("dataset"), dataset.areLatents ? "the network sees pictures, not latents" : "the network sees latents, not pictures",
        expected: dataset.areLatents ? "a dataset of pictures" : "the output of an encode-dataset stage",
        found: dataset.areLatents ? "latents" : "pictures", reason: .wrongDimensions)
    }
    guard dataset.image == facts.network.image else {
      throw StageIssue(
        .input("dataset"), "the dataset's images do not fit the network", expected: facts.network.image.label, found: dataset.image.label,
        reason: .wrongDimensions)
    }
  }
}

extension ImageShape {
  /// 3x32x32: channels, height, width.
  var label: String { "\(channels)x\(height)x\(width)" }
}
