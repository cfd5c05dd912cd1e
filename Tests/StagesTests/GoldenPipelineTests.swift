import Basics
import Checkpoints
import Diffusion
import Foundation
import Stages
import Testing

/// Recorded runs of the original programs, made again by a pipeline as a user writes it: its checkpoint through load-weights,
/// its draws through load-noise or from its seeds, its samples and norms out of the stages.
@Suite struct GoldenPipelineTests {
  /// One recorded run.
  struct Recorded: Sendable, CustomTestStringConvertible {
    let name: String
    /// Fields of load-weights beside the file.
    let weights: @Sendable (JSONValue) throws -> String
    let with: String
    var classifier = false
    /// The bytes the original wrote, [N, H, W, C], or samples and the rule that makes bytes of them.
    var bytes = (name: "sample_uint8", rule: PixelRule?.none)
    var norms: @Sendable (GoldenRun) throws -> [GoldenRun.Norms] = { try $0.stepNorms() }
    var testDescription: String { name }
  }

  private static let adm: @Sendable (JSONValue) throws -> String = { config in
    let schedule = try #require(config["diffusion"]?["noise_schedule"]?.text)
    return "architecture: adm-unet, config: \(text(config["model_args"])), process: {noise_schedule: \(schedule)}"
  }
  private static let ddim: @Sendable (JSONValue) throws -> String = { config in
    let model = (config["model"]?.object ?? [:]).merging(["resolution": config["data"]?["image_size"] ?? .null]) { $1 }
    return "architecture: ddim-unet, config: \(text(.object(model))), "
      + "process: {noise_schedule: ddim-linear, beta_start: 0.0001, beta_end: 0.02}"
  }
  private static let ldm: @Sendable (JSONValue) throws -> String = { config in
    let parameters = config["model"]?["params"]
    let unet = (parameters?["unet_config"]?["params"]?.object ?? [:]).merging(["use_new_attention_order": false]) { $1 }
    return "architecture: ldm-unet, config: \(text(.object(unet))), "
      + "first_stage: \(text(parameters?["first_stage_config"]?["params"])), "
      + "process: {noise_schedule: ldm-linear, beta_start: 0.0015, beta_end: 0.0195}"
  }
  private static let dit: @Sendable (JSONValue) throws -> String = { config in
    "architecture: dit, config: \(text(config["model"])), process: {noise_schedule: linear}"
  }
  private static let edm: @Sendable (JSONValue) throws -> String = { _ in "weights: authors" }

  private static func text(_ value: JSONValue?) -> String { String(decoding: (value ?? .null).encoded(), as: UTF8.self) }

  static let runs = [
    Recorded(
      name: "adm/sampler-ddpm-learned-s1017", weights: adm, with: "sampler: ddpm, steps: 10, epsilon_scaling: {b: 1.017}"),
    Recorded(
      name: "adm/sampler-ddim-eta05-linear", weights: adm,
      with: "sampler: ddim, spacing: ddim, eta: 0.5, steps: 10, epsilon_scaling: {k: 0.004, b: 0.9929999999999999}"),
    Recorded(
      name: "adm/classifier-guided-ddim", weights: adm,
      with: "sampler: ddim, steps: 5, epsilon_scaling: {b: 1.004}, classifier_scale: 2", classifier: true),
    Recorded(
      name: "ddim-repo/generalized-eta1-uniform-s1010", weights: ddim,
      with: "sampler: generalized, eta: 1, steps: 10, epsilon_scaling: {b: 1.01}, pixels: rounded"),
    Recorded(
      name: "ddim-repo/ddpm-quad-s1010", weights: ddim,
      with: "sampler: ddpm, spacing: ddim-quad, steps: 10, epsilon_scaling: {b: 1.01}, pixels: rounded"),
    Recorded(
      name: "ldm/sampler-plms-es-const", weights: ldm, with: "sampler: plms, steps: 20, epsilon_scaling: {b: $b}",
      bytes: ("uint8_npz", nil), norms: { try $0.multistepNorms() }),
    Recorded(
      name: "dit/sample-cfg-es-linear", weights: dit,
      with: "sampler: ddpm, steps: 20, epsilon_scaling: {k: $k, b: $b}, clip_denoised: false, guidance: {scale: 1.5}, pixels: centred",
      bytes: ("samples", .centred), norms: { _ in [] }),
    Recorded(
      name: "edm/sampler-heun-es", weights: edm,
      with: "steps: 6, epsilon_scaling: {b: 1.0006}, seed: 1510, random: {generator: torch-per-sample}, pixels: centred",
      bytes: ("image", nil), norms: { try $0.levelNorms() }),
    Recorded(
      name: "edm/sampler-euler-es", weights: edm,
      with: "sampler: euler, steps: 6, epsilon_scaling: {b: 1.0048}, seed: 1530, random: {generator: torch-per-sample}, pixels: centred",
      bytes: ("image", nil), norms: { try $0.levelNorms() }),
    Recorded(
      name: "pfgmpp/sampler-D128-euler-es", weights: edm,
      with: "sampler: euler, steps: 6, epsilon_scaling: {b: 1.0043}, pixels: centred", bytes: ("image", nil), norms: { try $0.levelNorms() }
    ),
  ]

  @Test(arguments: runs) func aRecordedRunIsMadeAgain(_ recorded: Recorded) throws {
    let golden = try GoldenRun(recorded.name)
    defer { golden.remove() }
    let noise = try golden.writeNoise()
    let scaling = try golden.scaling()
    let with = recorded.with.replacing("$k", with: "\(scaling.k)").replacing("$b", with: "\(scaling.b)")
    var stages = "weights: {uses: load-weights, with: {file: \(golden.weights), \(try recorded.weights(golden.config))}}"
    var inputs = "network: weights"
    if let noise {
      stages += "\n  noise: {uses: load-noise, with: {file: \(noise)}}"
      inputs += ", noise: noise"
    }
    if recorded.classifier {
      let file = golden.folder + "/" + (golden.description["classifier_weights"]?.text ?? "")
      let arguments = (golden.config["classifier_args"]?.object ?? [:]).merging(["use_new_attention_order": false]) { $1 }
      stages += "\n  classifier: {uses: load-classifier, with: {file: \(file), config: \(Self.text(.object(arguments)))}}"
      inputs += ", classifier: classifier"
    }
    let run = try TinyRun(
      """
      plumb: 1
      name: golden
      stages:
        \(stages)
        sample: {uses: sample, inputs: {\(inputs)}, with: {samples: \(golden.samples), \(with)}}
      default: [sample]
      """)

    let expected =
      try recorded.bytes.rule.map { rule in
        try golden.tensor(recorded.bytes.name).floats().map { rule.byte($0) }
      } ?? golden.channelsFirst(recorded.bytes.name)
    let images = try Safetensors.decode(run.workspace.store.read(run.artifact("sample", "images").parts[0].object)).read("images").bytes
    try #require(images.count == expected.count)
    let off = zip(images, expected).map { abs(Int($0) - Int($1)) }.max() ?? 255
    #expect(off <= 1, "a pixel is \(off) levels off, the case allows 1")

    let curve = try run.json("sample", "epsilon-norms")
    for norms in try recorded.norms(golden) {
      let found = try #require(curve[norms.field]?.list).map { $0.double ?? .nan }
      for (index, (mean, tolerance)) in norms.means {
        #expect(
          abs(found[index] - mean) <= tolerance,
          "\(norms.field) at index \(index): \(found[index]), the original has \(mean) ± \(tolerance)")
      }
    }
  }

  /// delta_t of guided-diffusion's script (`exposure-delta`), through load-dataset and measure-delta.
  @Test(arguments: [("s1000", 1.0), ("s1017", 1.017)]) func deltaIsTheOriginals(_ tag: String, _ b: Double) throws {
    let golden = try GoldenRun("adm/exposure-delta")
    defer { golden.remove() }
    let images = try golden.writeImages(seed: 0)
    let written = try golden.writeNoise()
    let noise = try #require(written)
    let run = try TinyRun(
      """
      plumb: 1
      name: golden
      stages:
        weights: {uses: load-weights, with: {file: \(golden.weights), \(try Self.adm(golden.config))}}
        images: {uses: load-dataset, with: {file: \(images), layout: nchw}}
        noise: {uses: load-noise, with: {file: \(noise)}}
        delta:
          uses: measure-delta
          inputs: {network: weights, dataset: images, noise: noise}
          with: {sampler: ddpm, steps: 10, samples: \(golden.samples), epsilon_scaling: {b: \(b)}}
      default: [delta]
      """)
    let curve = try run.json("delta", "delta")
    for (field, output) in [("delta", "delta_t_\(tag)"), ("sampled_std", "pred_std_\(tag)"), ("true_std", "gt_std")] {
      let (found, expected) = (try #require(curve[field]?.doubles), try golden.tensor(output).doubles())
      let tolerance = golden.tolerance(output)
      try #require(found.count == expected.count)
      // The original prints the noisiest state first.
      for (value, wanted) in zip(found, expected.reversed()) {
        #expect(
          abs(value - wanted) <= tolerance.absolute + tolerance.relative * abs(wanted), "\(field): \(value), the original has \(wanted)")
      }
    }
  }
}
