import Basics
import Diffusion
import Testing

/// The network of data N(0, sigma_data²): c_skip x is the best denoiser there is, so F is 0. The ODE of such data has the
/// solution x(sigma) = x(sigma_0) sqrt((s² + sigma²) / (s² + sigma_0²)) with s = sigma_data.
private struct GaussianData: NoisePredictor {
  var calls = 0
  mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    calls += 1
    for element in out.indices { out[element] = 0 }
  }
}

private let elements = 12

private func solver(_ steps: Int, isHeun: Bool, churn: Churn = .none, scaling: EpsilonScaling = .none) throws -> SigmaSolver {
  try SigmaSolver(
    Preconditioning(.edm(sigmaData: 0.5), sigmaMin: 0, sigmaMax: .infinity), steps: steps, sampler: isHeun ? Heun() : Euler(), churn: churn,
    scaling: scaling)
}

private func sampled(_ solver: SigmaSolver, _ samples: Range<Int>, batch: Int) throws -> (images: [Float], norms: SamplingNorms) {
  var (images, predictor): ([Float], _) = ([], GaussianData())
  let run = SamplingRun(solver: solver, elementCount: elements, noise: PhiloxNoise(seed: 3))
  let norms = try run.run(samples: samples, batch: batch, predictor: &predictor) { images.append(contentsOf: $1) }
  return (images, try norms.total(of: samples))
}

@Suite struct SigmaSolverTests {
  /// The largest relative error against the exact solution.
  private func error(_ steps: Int, isHeun: Bool) throws -> Double {
    let images = try sampled(solver(steps, isHeun: isHeun), 0..<4, batch: 4).images
    var largest = 0.0
    for sample in 0..<4 {
      var start = [Float](repeating: 0, count: elements)
      try start.withUnsafeMutableBufferPointer { try PhiloxNoise(seed: 3).normals(into: $0, sample: sample, purpose: .start, step: 0) }
      for element in 0..<elements {
        let exact = 80 * Double(start[element]) * 0.5 / (0.25 + 6400.0).squareRoot()
        largest = max(largest, abs(Double(images[sample * elements + element]) - exact) / abs(exact))
      }
    }
    return largest
  }

  @Test func eulersErrorIsOfFirstOrderAndHeunsOfSecond() throws {
    let euler = (try error(64, isHeun: false), try error(128, isHeun: false))
    let heun = (try error(64, isHeun: true), try error(128, isHeun: true))
    #expect((1.8...2.2).contains(euler.0 / euler.1), "Euler: \(euler)")
    #expect((3.4...4.6).contains(heun.0 / heun.1), "Heun: \(heun)")
    #expect(heun.1 < euler.1 / 20)
  }

  @Test func aStepEvaluatesTwiceButForTheLast() throws {
    for (isHeun, expected) in [(true, 11), (false, 6)] {
      let solver = try solver(6, isHeun: isHeun)
      var predictor = GaussianData()
      let run = SamplingRun(solver: solver, elementCount: elements, noise: PhiloxNoise(seed: 3))
      _ = try run.run(samples: 0..<2, batch: 2, predictor: &predictor) { _, _ in }
      #expect(predictor.calls == expected)
      #expect(solver.evaluations(from: 5) == expected)
    }
  }

  @Test func bitsDoNotDependOnTheBatch() throws {
    let solver = try solver(5, isHeun: true, churn: Churn(amount: 2, deviation: 1.01), scaling: EpsilonScaling(k: 0.001, b: 1.005))
    let whole = try sampled(solver, 0..<11, batch: 11)
    for batch in [1, 3] {
      let parts = try sampled(solver, 0..<11, batch: batch)
      #expect(parts.images == whole.images)
      #expect(parts.norms == whole.norms)
    }
  }

  @Test func scalingMovesTheSamplesAndNotTheirStart() throws {
    let plain = try sampled(solver(5, isHeun: true), 0..<4, batch: 4)
    let scaled = try sampled(solver(5, isHeun: true, scaling: EpsilonScaling(b: 1.02)), 0..<4, batch: 4)
    #expect(plain.images != scaled.images)
    #expect(plain.norms.predicted.steps[4] == scaled.norms.predicted.steps[4], "the first evaluation sees the same prior")
    #expect(plain.norms.predicted.steps[3] != scaled.norms.predicted.steps[3])
  }

  @Test func deltaOfADenoiserThatKnowsItsDataIsSmallWhereVarianceExplodes() throws {
    // x_0 fixed at a value the network does not know: what is left around it is the data's own spread at low noise, and the
    // forward process' at high noise, where the residual of one exact step must be sigma.
    let images = try FloatImages(
      pixels: [Float](repeating: 0, count: elements), elementCount: elements, order: .identity(count: 1))
    let solver = try solver(40, isHeun: true)
    var predictor = GaussianData()
    let spread = try DeltaMeasurement(solver: solver, images: images, noise: PhiloxNoise(seed: 5))
      .run(samples: 0..<400, batch: 100, predictor: &predictor).total(of: 0..<400)
    let points = try spread.points(solver.levels)
    for point in points {
      // The ODE keeps x / sqrt(s² + sigma²): the exact spread around 0 is that of the start.
      let sigma = solver.levels.labels[point.index]
      let exact = 80 * ((0.25 + sigma * sigma) / (0.25 + 6400)).squareRoot()
      #expect(abs(point.sampledDeviation / exact - 1) < 0.03, "level \(sigma): \(point.sampledDeviation), exact \(exact)")
      #expect(abs(point.trueDeviation - sigma) < 1e-12)
    }
  }

  @Test func theNoiseOfPFGMHasTheVarianceItIsMeasuredAgainst() throws {
    for dimensions in [16, 128] {
      let perturbation = Perturbation.poissonFlow(dimensions: dimensions)
      var (sum, count) = (0.0, 0)
      var noise = [Double](repeating: 0, count: elements)
      for sample in 0..<6000 {
        try noise.withUnsafeMutableBufferPointer {
          try perturbation.fill($0, sample: sample, purpose: .start, step: 0, from: PhiloxNoise(seed: 8))
        }
        sum += noise.reduce(0) { $0 + $1 * $1 }
        count += elements
      }
      let expected = try perturbation.variance(sigma: 1)
      #expect(abs(sum / Double(count) / expected - 1) < 0.05, "D = \(dimensions): \(sum / Double(count)), expected \(expected)")
    }
    #expect(throws: PlumbError.self) { try Perturbation.poissonFlow(dimensions: 2).variance(sigma: 1) }
  }

  @Test func wrongArgumentsAreNamed() throws {
    let preconditioning = try Preconditioning(.edm(sigmaData: 0.5), sigmaMin: 0, sigmaMax: .infinity)
    func place(_ body: () throws -> SigmaSolver) -> String? {
      do { _ = try body() } catch let error as PlumbError { return error.place } catch {}
      return nil
    }
    #expect(place { try SigmaSolver(preconditioning, steps: 1) } == "steps")
    #expect(place { try SigmaSolver(preconditioning, sampler: Heun(alpha: 0)) } == "alpha")
    #expect(place { try SigmaSolver(preconditioning, range: (5, 2)) } == "sigma_max")
    #expect(place { try SigmaSolver(preconditioning, scaling: EpsilonScaling(b: -1)) } == "epsilon_scaling")
  }
}
