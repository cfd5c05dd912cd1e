import ArtifactStore
import Basics
import Checkpoints
import Diffusion
import Engine
import Networks
import StageRuntime
import StageSchema

/// Turns a dataset of pictures into the latents its network was trained on, once; what measures such a network takes
/// them in place of the pictures.
struct EncodeDataset: BlockedStage {
  static let descriptor = StageDescriptor(
    name: "encode-dataset", version: 1, doc: "The latents of pictures, as a latent diffusion model was trained on them.",
    inputs: [
      InputPort("first-stage", [.firstStage, .network], doc: "The autoencoder, alone or with its network."),
      InputPort("dataset", [.dataset], doc: "The pictures."),
    ],
    outputs: [OutputPort("latents", .dataset, doc: "Latents as float32, [N, c, h, w], scaled as the network sees them.")],
    parameters: [
      ParameterField(
        "images", .integer(1...4_000_000_000), role: .extent, unit: "images", doc: "How many of the pictures, from the first."),
      ParameterField(
        "posterior", .choice(["sample", "mode"]), default: .text("sample"),
        doc: "Where the encoder gives a distribution: a draw from it, as in training, or its mean. Without effect elsewhere."),
      ParameterField("seed", .integer(0...Int64.max), default: .integer(0), meaning: .replicate, doc: "Seed of the draws."),
    ])

  static let blockSize = 32

  let extent: Range<Int>
  private let isDrawn: Bool
  private let seed: UInt64

  init(parameters: StageParameters) throws {
    extent = 0..<(try parameters.integer("images"))
    isDrawn = try parameters.text("posterior") == "sample"
    seed = UInt64(clamping: try parameters.integer("seed"))
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let (stage, dataset) = (try Self.stage(inputs), try inputs.dataset("dataset"))
    guard !dataset.areLatents, dataset.image == stage.image else {
      throw StageIssue(
        .input("dataset"), "the dataset's pictures do not fit the first stage", expected: stage.image.label,
        found: dataset.areLatents ? "latents" : dataset.image.label, reason: .wrongDimensions)
    }
    guard extent.count <= dataset.count else {
      throw StageIssue(
        .parameter(["images"]), "the dataset has fewer pictures", expected: "at most \(dataset.count)", found: "\(extent.count)")
    }
    return StageInference(
      outputs: ["latents": DatasetFacts(count: extent.count, image: stage.latent, areLatents: true)],
      versions: ["network \(type(of: stage).architecture)": type(of: stage).version, "engine": EngineVersion.arithmetic])
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let (stage, dataset) = (try Self.stage(inputs), try inputs.dataset("dataset"))
    let own = try inputs.cost(of: stage, .encoder, at: "first-stage")
    return StageCost(
      evaluations: 1, flopsPerEvaluation: own.flopsPerEvaluation, outputBytes: 4 * stage.latent.count,
      networks: [own.memory],
      laneBytes: 4 * own.batch * (stage.image.count + 2 * stage.latent.count) + 2 * Self.blockSize * 4 * stage.latent.count,
      sharedBytes: dataset.byteCount)
  }

  func runBlock(_ range: Range<Int>, _ inputs: StageInputs, in context: StageContext) throws -> [String: [UInt8]] {
    let coder = try LatentCoder(inputs.artifact("first-stage"), .encoder, in: context)
    let dataset = try context.dataset(inputs.artifact("dataset"))
    let latent = coder.stage.latent
    let latents = try coder.encode(
      dataset.startImages(order: .identity(count: dataset.count)), range, noise: isDrawn ? PhiloxNoise(seed: seed) : nil, in: context)
    var tensors = [
      (
        name: ResidentDataset.imagesName,
        tensor: try HostTensor(floats: latents, shape: [range.count, latent.channels, latent.height, latent.width])
      )
    ]
    if let labels = dataset.labels {
      tensors.append(
        (name: ResidentDataset.labelsName, tensor: try HostTensor(integers: labels[range].map(Int64.init), shape: [range.count])))
    }
    return ["latents": try Safetensors.encode(tensors, metadata: [:])]
  }

  func merge(_ blocks: [FinishedBlock], _ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let latent = try FirstStageFacts(inputs.artifact("first-stage")).network.latent
    let parts = try blocks.map { block in
      Artifact.Part(name: SamplePart.name(block.range), object: try block.object("latents"))
    }
    let facts = DatasetFacts(count: extent.count, image: latent, areLatents: true)
    return ["latents": Artifact(type: PortType.dataset.rawValue, parts: parts, facts: facts.json)]
  }

  private static func stage(_ inputs: FactInputs) throws -> any FirstStage {
    guard let stage = inputs.firstStage("first-stage") else {
      throw StageIssue(.input("first-stage"), "this network has no first stage: it sees pictures", expected: "a first stage")
    }
    return stage
  }
}
