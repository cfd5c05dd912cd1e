import Basics
import Diffusion
import Testing

/// The measurements against what theory says of a network whose prediction error is known.
@Suite struct ExposureBiasTests {
  private static let elements = 16
  private static let image = (0..<elements).map { Float($0) / 8 - 1 }

  private func measured(error: Double) throws -> (process: DiffusionProcess, delta: [SpreadPoint], singleStep: [SingleStepPoint]) {
    let process = try DiffusionProcess(schedule: .cosine, steps: 1000, respacing: Respacing(parsing: "6"))
    let reverse = try ReverseProcess(process: process, variance: .fixedSmall, clipDenoised: false)
    let images = try FloatImages(pixels: Self.image, elementCount: Self.elements, order: .identity(count: 1))
    var predictor = FlawedPredictor(process: process, image: Self.image, error: Float(error))
    let noise = PhiloxNoise(seed: 12)
    let delta = try DeltaMeasurement(solver: reverse, images: images, noise: noise)
      .run(samples: 0..<3000, batch: 250, predictor: &predictor).total(of: 0..<3000)
    let training = try TrainingMeasurement(solver: reverse, images: images, noise: noise)
      .run(samples: 0..<3000, batch: 250, predictor: &predictor).total(of: 0..<3000)
    return (process, try delta.points(process.levels), try training.singleStepPoints(process.levels))
  }

  @Test func aPerfectNetworkHasNoExposureBias() throws {
    for point in try measured(error: 0).delta {
      #expect(abs(point.sampledDeviation / point.trueDeviation - 1) < 0.01)
      #expect(point.delta < 1e-4)
    }
  }

  /// Ning et al. 2024, table 1: the variance after one step is 1 - abar_{t-1} plus the square of the error times the
  /// posterior's factor of x_0.
  @Test func aSingleStepIsWiderByThePredictionsError() throws {
    let (process, delta, singleStep) = try measured(error: 0.3)
    for point in singleStep {
      let widened = process.posteriorMeanCoef1[point.index + 1] * 0.3
      let expected = (1 - process.alphasCumprod[point.index] + widened * widened).squareRoot()
      #expect(abs(point.sampledDeviation / expected - 1) < 0.01)
    }
    // Errors of all steps add up along a chain: its last state is wider than after any one step.
    #expect(zip(delta, singleStep).allSatisfy { $0.sampledDeviation > 0.995 * $1.sampledDeviation })
    #expect((delta.first?.delta ?? 0) > (try measured(error: 0).delta.first?.delta ?? 1))
  }
}

/// Predicts x_0 as the one image there is plus `error` times a standard normal.
private struct FlawedPredictor: NoisePredictor {
  let process: DiffusionProcess
  let image: [Float]
  let error: Float
  private var calls = 0

  init(process: DiffusionProcess, image: [Float], error: Float) {
    self.process = process
    self.image = image
    self.error = error
  }

  mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    let index = process.timestepMap.firstIndex(of: Int(timestep)) ?? 0
    try PhiloxNoise(seed: 99).normals(into: out, sample: calls, purpose: .label, step: index)
    calls += 1
    let signal = Float(process.alphasCumprod[index].squareRoot())
    let spread = Float(process.noiseDeviation(index))
    for element in 0..<count * image.count {
      out[element] = (x[element] - signal * (image[element % image.count] + error * out[element])) / spread
    }
  }
}
