import Basics
import Checkpoints
import Diffusion
import Engine
import EngineCPU
import Foundation
import Networks
import Scoring
import StageRuntime
import Stages
import Testing

/// The deterministic case on the shipped model (`reference/parity-20`): every noise is given, so each sample is compared.
@Suite struct ParityTests {
  private let tensors: SafetensorsFile
  private let meaning: JSONValue

  init() throws {
    tensors = try SafetensorsFile(path: TinyRun.digits + "/reference/parity-20.safetensors")
    meaning = try JSONValue(contentsOf: TinyRun.digits + "/reference/parity-20.json")
  }

  private func digitsNetwork() throws -> any Network {
    let configuration: JSONValue = [
      "image_size": 8, "in_channels": 1, "out_channels": 2, "model_channels": 32, "num_res_blocks": 1, "channel_mult": [1, 1, 2],
      "attention_resolutions": [2, 4], "num_head_channels": 32, "resblock_updown": true, "use_scale_shift_norm": true,
      "use_new_attention_order": true,
    ]
    return try NetworkCatalogue.network(architecture: "adm-unet", configuration: configuration)
  }

  private func lane(_ network: any Network, file: String, batch: Int) throws -> any Lane {
    let graph = try network.graph(taps: [])
    return try CPUDevice().lane(of: graph, weights: CheckpointFile.open(TinyRun.digits + "/" + file), batch: batch)
  }

  private func floats(_ name: String) throws -> [Float] { try tensors.read(name).floats() }

  @Test(arguments: [("b1000", 1.0), ("b1020", 1.02)]) func samplesAreMetOneByOne(_ tag: String, _ b: Double) throws {
    let network = try digitsNetwork()
    var draws: [RecordedNoise.Draw: [Float]] = [.init(.start): try floats("noise_x_T")]
    let steps = try floats("noise_steps")
    for index in 0..<20 { draws[.init(.step, step: index)] = Array(steps[index * 8 * 64..<(index + 1) * 8 * 64]) }
    let process = try DiffusionProcess(schedule: .cosine, steps: 1000, respacing: Respacing(parsing: "20"))
    let run = SamplingRun(
      solver: try ReverseProcess(process: process, variance: .learnedRange, scaling: EpsilonScaling(b: b)), elementCount: 64,
      noise: RecordedNoise(draws))
    // A batch of 3 of 8 samples: the case does not depend on how samples are batched.
    var predictor = LanePredictor(
      lane: try lane(network, file: "digits-adm.pt", batch: 3), batch: 3, imageCount: 64, isClassConditional: false)
    var samples: [Float] = []
    _ = try run.run(samples: 0..<8, batch: 3, predictor: &predictor) { _, images in samples += images }
    let expected = try floats("sample_\(tag)")
    let worst = zip(samples, expected).map { abs($0 - $1) }.max() ?? .infinity
    // The case's own tolerance: 2e-3 after 20 steps.
    #expect(worst <= 2e-3, "largest difference of a sample: \(worst)")
    let bytes = try tensors.read("bytes_\(tag)").bytes
    let off = zip(samples, bytes).map { abs(Int(Pixels.byte($0)) - Int($1)) }.max() ?? 255
    #expect(off <= 1, "a pixel is \(off) levels off; the case allows 1")
  }

  @Test func frechetDistanceOfGivenImagesIsExact() throws {
    let network = try NetworkCatalogue.network(architecture: "digits-features", configuration: .object([:]))
    let images = try NpzFile(path: TinyRun.digits + "/digits.npz").read("images").bytes
    let embedding = try Embedding(network: network, lane: lane(network, file: "digits-features.pt", batch: 16), batch: 16)
    let kinds: [any FeatureAccumulation.Type] = [FeatureMoments.self, ClassScore.self]
    func summary(_ images: ArraySlice<UInt8>) throws -> FeatureSummary {
      let rows = try embedding.rows(of: Array(images))
      var reduction = try FeatureReduction(kinds, rows.layout)
      try reduction.add(rows, first: 0)
      let totals = try reduction.totals(of: 0..<rows.count)
      return try FeatureSummary(count: rows.count, kinds) { name in totals.first { $0.name == name }?.numbers ?? [] }
    }
    let all = try summary(images[...])
    #expect(all.count == 1797)
    let distance = try #require(Metrics.named("fd")).value(
      generated: summary(images[..<(898 * 64)]), reference: summary(images[(898 * 64)...]))
    let wanted = try #require(meaning["numbers"]?["fd_first_898_against_rest"]?.double)
    #expect(abs(distance - wanted) <= 1e-4 * wanted, "FD of the first 898 images against the rest: \(distance), reference \(wanted)")
    let score = try #require(Metrics.named("class-score")).value(generated: all, reference: all)
    let wantedScore = try #require(meaning["numbers"]?["class_score_of_the_data"]?.double)
    #expect(abs(score - wantedScore) <= 1e-4 * wantedScore, "class score of the data: \(score), reference \(wantedScore)")
  }
}
