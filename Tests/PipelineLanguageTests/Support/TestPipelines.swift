import PipelineLanguage

/// Pipelines that tests start from, and marks for places in them.
enum TestPipelines {
  /// The job the project ships.
  static let digits = """
    plumb: 1
    name: digits-es
    about: Epsilon Scaling on the shipped digits model, 20 steps.
    params:
      steps: 20
      samples: 2000
      seed: 0
      scaling: {sweep: [{k: 0, b: 1.0}, {k: 0, b: 1.02}, {k: 0.004, b: 1.0}]}
    stages:
      network: {uses: load-weights, with: {file: digits/digits-adm.pt, architecture: adm-unet, config: {image_size: 8, in_channels: 1, channel_mult: [1, 1, 2]}, process: {noise_schedule: cosine, diffusion_steps: 1000, variance: learned-range}}}
      images: {uses: load-dataset, with: {file: digits/digits.npz}}
      features: {uses: load-features, with: {file: digits/digits-features.pt, architecture: digits-features}}
      train: {uses: train-stats, inputs: {network: network, dataset: images}, with: {steps: $steps, samples: $samples, seed: $seed}}
      sample: {uses: sample, inputs: {network: network}, with: {sampler: ddpm, steps: $steps, samples: $samples, seed: $seed, epsilon_scaling: $scaling}}
      delta: {uses: measure-delta, inputs: {network: network, dataset: images}, with: {sampler: ddpm, steps: $steps, samples: $samples, seed: $seed, epsilon_scaling: $scaling}}
      score: {uses: score, inputs: {samples: sample.images, reference: images, features: features}, with: {metrics: [fd, class-score]}}
      table: {uses: table, gather: [scaling], inputs: {score: score, delta: delta, norms: sample.epsilon-norms, training: train}}
    default: [table]
    """

  /// A small one in block style, for mistakes to be put into.
  static let small = """
    plumb: 1
    name: small
    params:
      steps: {sweep: [10, 20]}
      samples: 100
      scaling: {sweep: [{k: 0, b: 1.0}, {k: 0, b: 1.02}, {k: 0.004, b: 1.0}]}
    stages:
      network:
        uses: load-weights
        with:
          file: weights.pt
          architecture: adm-unet
          config: {image_size: 8}
          process: {noise_schedule: cosine, variance: learned-range}
      images:
        uses: load-dataset
        with: {file: images.npz}
      sample:
        uses: sample
        inputs: {network: network}
        with:
          sampler: ddpm
          steps: $steps
          samples: $samples
          epsilon_scaling: $scaling
      score:
        uses: score
        inputs: {samples: sample, reference: images}
        with: {metrics: [fd]}
      table:
        uses: table
        gather: [scaling]
        inputs: {score: score, norms: sample.epsilon-norms}
    default: [table]
    """

  static func load(_ text: String, _ overrides: [String] = []) -> Pipeline.Loaded {
    Pipeline.load(
      text: text, name: "test.plumb.yaml", directory: "/data", catalogue: TestCatalogue.all, overlays: Pipeline.Overlays(flags: overrides))
  }
}

/// A text in which ⟦ and ⟧ stand around places.
struct MarkedText {
  let text: String
  /// `line:column` of each ⟦, in order.
  let places: [String]

  init(_ marked: String) {
    var text = String.UnicodeScalarView()
    var places: [String] = []
    var line = 1
    var column = 1
    for character in marked.unicodeScalars {
      if character == "⟦" {
        places.append("\(line):\(column)")
        continue
      }
      text.append(character)
      (line, column) = character == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    self.text = String(text)
    self.places = places
  }
}
