import Basics
import Diffusion
import Testing

private let elements = 12

private func ldm(_ sampler: any TimestepSampler, steps: Int, scaling: EpsilonScaling = .none, prediction: Prediction = .noise) throws
  -> ReverseProcess
{
  let process = try DiffusionProcess(
    schedule: BetaSchedule(named: "ldm-linear", start: 0.0015, end: 0.0195), steps: 1000,
    respacing: Respacing(parsing: "ldm-uniform:\(steps)")
  )
  return try ReverseProcess(
    process: process, variance: .fixedSmall, prediction: prediction, sampler: sampler, scaling: scaling, clipDenoised: false)
}

private func ddim(_ sampler: any TimestepSampler, spacing: String = "ddim-uniform:10") throws -> ReverseProcess {
  let process = try DiffusionProcess(schedule: BetaSchedule(named: "ddim-linear"), steps: 1000, respacing: Respacing(parsing: spacing))
  return try ReverseProcess(process: process, variance: .fixedLarge, sampler: sampler, clipDenoised: type(of: sampler).clips)
}

/// Final images of chains from noise, and that noise.
private func chain(_ solver: ReverseProcess, _ samples: Range<Int>, batch: Int, predictor: inout some NoisePredictor) throws -> [Float] {
  var images: [Float] = []
  let run = SamplingRun(solver: solver, elementCount: elements, noise: PhiloxNoise(seed: 5))
  _ = try run.run(samples: samples, batch: batch, predictor: &predictor) { images.append(contentsOf: $1) }
  return images
}

/// The largest distance from where the exact flow ends.
private func flowError(_ sampler: any TimestepSampler, steps: Int) throws -> Double {
  let solver = try ldm(sampler, steps: steps)
  var predictor = try GaussianPredictor(elementCount: elements, schedule: solver.process.schedule)
  let images = try chain(solver, 0..<8, batch: 8, predictor: &predictor)
  var largest = 0.0
  for sample in 0..<8 {
    var start = [Float](repeating: 0, count: elements)
    try start.withUnsafeMutableBufferPointer { try PhiloxNoise(seed: 5).normals(into: $0, sample: sample, purpose: .start, step: 0) }
    for element in 0..<elements {
      let exact = predictor.flow(
        start[element], from: solver.process.alphasCumprod[solver.process.count - 1], to: solver.process.alphasCumprodPrev[0])
      largest = max(largest, abs(Double(images[sample * elements + element]) - exact))
    }
  }
  return largest
}

@Suite struct GeneralizedSamplerTests {
  @Test func multistepConvergesToTheFlowFasterThanDDIM() throws {
    let single = try [20, 40, 100].map { try flowError(GeneralizedDDIM(), steps: $0) }
    let multi = try [20, 40, 100].map { try flowError(PLMS(), steps: $0) }
    // Halving the step halves DDIM's error, and divides that of the multistep formula by more than three.
    #expect((1.6...2.2).contains(single[0] / single[1]), "\(single)")
    #expect(multi[0] / multi[1] > 3, "\(multi)")
    #expect(multi[2] < single[2] / 20, "\(multi) \(single)")
  }

  @Test func aMultistepChainEvaluatesTwiceAtItsStart() throws {
    let solver = try ldm(PLMS(), steps: 5)
    var predictor = try GaussianPredictor(elementCount: elements, schedule: solver.process.schedule)
    _ = try chain(solver, 0..<2, batch: 2, predictor: &predictor)
    #expect(predictor.timesteps == [801, 601, 601, 401, 201, 1])
    #expect(solver.evaluations(from: 4) == predictor.timesteps.count)
    #expect(try ldm(GeneralizedDDIM(), steps: 5).evaluations(from: 4) == 5)
  }

  @Test(arguments: [GeneralizedDDIM(), GeneralizedDDIM(eta: 0.7), PLMS()] as [any TimestepSampler], [Prediction.noise, .start])
  func aSamplesBitsDoNotDependOnTheBatch(_ sampler: any TimestepSampler, _ prediction: Prediction) throws {
    let solver = try ldm(sampler, steps: 8, scaling: EpsilonScaling(k: 0.002, b: 1.01), prediction: prediction)
    var predictor = FakePredictor(elementCount: elements)
    let whole = try chain(solver, 0..<13, batch: 13, predictor: &predictor)
    for batch in [1, 4, 9] { #expect(try chain(solver, 0..<13, batch: batch, predictor: &predictor) == whole, "batch \(batch)") }
    #expect(try chain(solver, 5..<9, batch: 3, predictor: &predictor) == Array(whole[5 * elements..<9 * elements]))
  }

  @Test func noiseIsAddedInTheLastStepToWhereTheImageIsNotTheEnd() throws {
    let sampler = GeneralizedDDIM(eta: 1)
    #expect(try sampler.stepDeviation(ldm(sampler, steps: 20).process, 0) > 0, "latent diffusion ends at training step 0")
    #expect(try sampler.stepDeviation(ddim(sampler).process, 0) == 0, "ermongroup/ddim ends at the image")
  }

  @Test func withoutNoiseBothFormsOfDDIMAgreeWhereNothingIsClipped() throws {
    let process = try DiffusionProcess(schedule: .linear, steps: 1000, respacing: Respacing(parsing: "25"))
    let scaling = EpsilonScaling(k: 0.001, b: 1.02)
    let images = try [DDIM() as any TimestepSampler, GeneralizedDDIM()].map { sampler in
      let solver = try ReverseProcess(process: process, variance: .fixedLarge, sampler: sampler, scaling: scaling, clipDenoised: false)
      var predictor = try GaussianPredictor(elementCount: elements, schedule: .linear)
      return try chain(solver, 0..<4, batch: 4, predictor: &predictor)
    }
    for (one, other) in zip(images[0], images[1]) { #expect(abs(one - other) < 2e-4) }
  }

  @Test func everyMeasurementRunsOnEverySampler() throws {
    for solver in [
      try ldm(PLMS(), steps: 6), try ldm(GeneralizedDDIM(eta: 0.5), steps: 6), try ddim(Ancestral()), try ddim(GeneralizedDDIM(eta: 1)),
    ] {
      let pixels = (0..<6 * elements).map { Float($0 % 7) / 4 - 0.7 }
      let images = try FloatImages(pixels: pixels, elementCount: elements, order: .identity(count: 6))
      var predictor = try GaussianPredictor(elementCount: elements, schedule: solver.process.schedule)
      let noise = PhiloxNoise(seed: 2)
      let training = try TrainingMeasurement(solver: solver, images: images, noise: noise)
      let results = try [6, 2].map { try training.run(samples: 0..<6, batch: $0, predictor: &predictor).total(of: 0..<6) }
      #expect(results[0] == results[1], "training mode depends on the batch")
      #expect(results[0].norms.predicted.points(.none).count == solver.process.count)
      let delta = try DeltaMeasurement(solver: solver, images: images, noise: noise)
      let spreads = try [6, 4].map { try delta.run(samples: 0..<6, batch: $0, predictor: &predictor).total(of: 0..<6) }
      #expect(spreads[0] == spreads[1], "chains depend on the batch")
      #expect(try spreads[0].points(solver.levels).count == solver.process.count - 1)
      let run = SamplingRun(solver: solver, elementCount: elements, noise: noise)
      let norms = try run.run(samples: 0..<6, batch: 4, predictor: &predictor) { _, _ in }.total(of: 0..<6)
      // Only the first step of a multistep chain is corrected, at the level below it.
      let corrected = norms.corrected.points(.none).map(\.index)
      #expect(corrected == (solver.hasCorrections ? [solver.process.count - 2] : []))
    }
  }

  @Test func whatTheOriginalsDoNotDoIsRefused() throws {
    let process = try DiffusionProcess(schedule: .linear, steps: 1000, respacing: Respacing(parsing: "10"))
    #expect(throws: PlumbError.self) { try ReverseProcess(process: process, variance: .fixedLarge, sampler: PLMS(), clipDenoised: true) }
    #expect(throws: PlumbError.self) { try ldm(GeneralizedDDIM(eta: 1.1), steps: 10) }
  }
}
