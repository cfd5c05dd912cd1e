import StageSchema

/// A catalogue like the real one, so that the language can be tested without any stage.
enum TestCatalogue {
  static let all: [StageDescriptor] = [loadWeights, loadDataset, loadFeatures, trainStats, sample, measureDelta, score, table]

  static let seed = ParameterField("seed", .integer(0...Int64.max), default: .integer(0), doc: "Seed of the noise.")
  static let steps = ParameterField("steps", .integer(1...4000), unit: "steps", doc: "Sampling steps.")
  static let samples = ParameterField("samples", .integer(1...100_000_000), role: .extent, unit: "images", doc: "How many samples.")
  static let sampler = ParameterField("sampler", .choice(["ddpm", "ddim"]), doc: "The sampler.")
  static let scaling = ParameterField(
    "epsilon_scaling",
    .record([
      ParameterField("k", .anyNumber, default: .number(0), doc: "Slope of lambda."),
      ParameterField("b", .number(0.5...2), default: .number(1), doc: "Intercept of lambda."),
    ]), default: .record(["k": .number(0), "b": .number(1)]), doc: "The divisor lambda(t) = k t + b of epsilon.")
  static let sha256 = ParameterField("sha256", .sha256, optional: true, doc: "Digest of the file.")

  static let loadWeights = StageDescriptor(
    name: "load-weights", version: 1, doc: "Loads a network.", inputs: [],
    outputs: [OutputPort("network", .network, doc: "The network.")],
    parameters: [
      ParameterField("file", .path, doc: "The checkpoint."),
      ParameterField("architecture", .choice(["adm-unet", "digits-features"]), doc: "The network."), sha256,
      ParameterField("config", .open, doc: "The constructor's arguments."),
      ParameterField(
        "process",
        .record([
          ParameterField("noise_schedule", .choice(["linear", "cosine"]), doc: "Schedule of beta."),
          ParameterField("diffusion_steps", .atLeast(1), default: .integer(1000), doc: "Training steps."),
          ParameterField("variance", .choice(["learned-range", "fixed-large", "fixed-small"]), doc: "Variance of the model."),
        ]), doc: "The noise process."),
    ])

  static let loadDataset = StageDescriptor(
    name: "load-dataset", version: 1, doc: "Loads images.", inputs: [], outputs: [OutputPort("images", .dataset, doc: "The images.")],
    parameters: [ParameterField("file", .path, doc: "The file."), sha256])

  static let loadFeatures = StageDescriptor(
    name: "load-features", version: 1, doc: "Loads a feature network.", inputs: [],
    outputs: [OutputPort("features", .features, doc: "The features.")],
    parameters: [
      ParameterField("file", .path, doc: "The file."),
      ParameterField("architecture", .choice(["digits-features"]), doc: "The network."),
    ])

  static let network = InputPort("network", [.network], doc: "The network.")

  static let trainStats = StageDescriptor(
    name: "train-stats", version: 1, doc: "Norms of epsilon in training.",
    inputs: [network, InputPort("dataset", [.dataset], doc: "Real images.")],
    outputs: [OutputPort("norms", .curve, doc: "Norms by step.")], parameters: [steps, samples, seed])

  static let sample = StageDescriptor(
    name: "sample", version: 1, doc: "Draws samples.", inputs: [network],
    outputs: [OutputPort("images", .samples, doc: "The samples."), OutputPort("epsilon-norms", .curve, doc: "Norms by step.")],
    parameters: [
      sampler, steps, samples, seed, scaling,
      ParameterField("clip", .bool, default: .bool(true), doc: "Clip x_0."),
      ParameterField("title", .text, optional: true, role: .presentation, doc: "Name in the report."),
      ParameterField("range", .list(of: .anyInteger, count: 2...2), optional: true, doc: "First and last sample."),
      ParameterField("eta", .number(0...1), default: .number(0), doc: "Noise of DDIM."),
    ])

  static let measureDelta = StageDescriptor(
    name: "measure-delta", version: 1, doc: "Measures delta_t.",
    inputs: [network, InputPort("dataset", [.dataset], doc: "Real images.")],
    outputs: [OutputPort("delta", .curve, doc: "delta_t by step.")], parameters: [sampler, steps, samples, seed, scaling])

  static let score = StageDescriptor(
    name: "score", version: 1, doc: "Scores samples.",
    inputs: [
      InputPort("samples", [.samples], doc: "The samples."), InputPort("reference", [.dataset], doc: "Real images."),
      InputPort("features", [.features], required: false, doc: "The feature network."),
    ], outputs: [OutputPort("scores", .scores, doc: "The scores.")],
    parameters: [ParameterField("metrics", .list(of: .choice(["fd", "class-score", "precision"]), count: 1...8), doc: "What to compute.")])

  static let table = StageDescriptor(
    name: "table", version: 1, doc: "Gathers results.", inputs: [], openInputs: [.scores, .curve],
    outputs: [OutputPort("table", .table, doc: "The table.")],
    parameters: [ParameterField("title", .text, optional: true, role: .presentation, doc: "Its title.")])
}
