import Basics
import Diffusion
import Networks

/// What the exposure-bias cases share: network, process, batches and classes.
struct MeasurementSetting {
  let network: CaseNetwork
  /// The noise process the measurement goes through.
  let process: DiffusionProcess
  private let configuration: ADMConfiguration
  private let clipDenoised: Bool
  /// Samples measured.
  let count: Int
  let batch: Int
  let labels: ClassLabels?

  /// `count` names the input that has one image for each sample.
  init(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs, count name: String = "x_0") throws {
    network = try CaseNetwork(golden, config: config)
    configuration = try ADMConfiguration(config.object("diffusion"))
    clipDenoised = try config.flag("clip_denoised", default: true)
    let plain = try configuration.reverse(network.network, .none, with: [:])
    try plain.check(timestepMap: config)
    process = plain.process
    guard let samples = golden.inputs.first(where: { $0.name == name })?.shape.first else {
      throw PlumbError("the case has no such input", kind: .input, at: name)
    }
    count = samples
    batch = try min(config.batchSize(count: samples), samples)
    labels = try network.classes(inputs, count: samples).map(ClassLabels.given)
    guard configuration.scaler.map({ $0 == 1 }) ?? true else {
      throw PlumbError(
        "a measurement takes its scalers from eps_scalers", kind: .input, at: "config.diffusion.eps_scaler", expected: "1 or nothing")
    }
  }

  var shape: [Int] { network.imageShape }
  var batches: [Range<Int>] { batchRanges(count: count, size: batch) }

  func reverse(_ scaling: EpsilonScaling) throws -> ReverseProcess {
    try configuration.reverse(network.network, scaling, with: ["sampler": "ddpm", "clip_denoised": .bool(clipDenoised)])
  }

  /// The pictures `x_0` as the loader returned them, one for each sample.
  func images(_ inputs: CaseInputs) throws -> FloatImages {
    try FloatImages(pixels: inputs.images("x_0", shape: shape), elementCount: network.network.image.count, order: .identity(count: count))
  }

  /// `eps_scalers`, each with the suffix its outputs have: a thousand times the scaler, as in `delta_t_s1017`.
  func scalers(_ config: FieldReader, of golden: GoldenCase, example: String) throws -> [(scaler: Double, suffix: String)] {
    try config.numbers("eps_scalers").map { scaler in
      guard scaler > 0, scaler < 1000 else {
        throw PlumbError("a scaler must be a positive number", kind: .input, at: "config.eps_scalers", found: "\(scaler)")
      }
      let thousandths = String(Int((scaler * 1000).rounded()))
      let padded = String(repeating: "0", count: max(0, 4 - thousandths.count)) + thousandths
      let declared = ["s" + thousandths, "s" + padded].first { suffix in golden.outputs.contains { $0.name == example + suffix } }
      return (scaler, declared ?? "s" + thousandths)
    }
  }
}
