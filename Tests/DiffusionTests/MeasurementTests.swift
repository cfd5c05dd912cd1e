import Basics
import Diffusion
import Testing

private let elements = 6

private func reverse(_ scaling: EpsilonScaling = .none) throws -> ReverseProcess {
  let process = try DiffusionProcess(schedule: .cosine, steps: 1000, respacing: Respacing(parsing: "8"))
  return try ReverseProcess(process: process, variance: .fixedSmall, scaling: scaling)
}

private func pictures(_ purpose: NoisePurpose) throws -> FloatImages {
  let pixels = (0..<20 * elements).map { Float($0 * 37 % 101) / 50 - 1 }
  return try FloatImages(pixels: pixels, elementCount: elements, order: ImageOrder(count: 20, seed: 2, purpose: purpose))
}

@Suite struct MeasurementTests {
  @Test func deltaDoesNotDependOnBatchesOrBlocks() throws {
    let measurement = try DeltaMeasurement(
      solver: reverse(EpsilonScaling(b: 1.01)), images: pictures(.chainOrder), noise: PhiloxNoise(seed: 4))
    func measured(_ samples: Range<Int>, batch: Int) throws -> LeafReduction<ChainSpread> {
      var predictor = FakePredictor(elementCount: elements)
      return try measurement.run(samples: samples, batch: batch, predictor: &predictor)
    }
    let whole = try measured(0..<53, batch: 53).total(of: 0..<53)
    for batch in [1, 5, 16] { #expect(try measured(0..<53, batch: batch).total(of: 0..<53) == whole) }
    var blocks = try measured(16..<53, batch: 7)
    try blocks.merge(measured(0..<16, batch: 3))
    #expect(try blocks.total(of: 0..<53) == whole)
    #expect(try ChainSpread(numbers: whole.numbers) == whole)

    let points = try whole.points(measurement.solver.levels)
    #expect(points.map(\.index) == Array(0..<7))
    #expect(points.allSatisfy { $0.delta >= 0 && $0.marginalDeviation > 0 && $0.trueDeviation < 1 })
  }

  @Test func anEarlierStartMeasuresTheStatesBelowIt() throws {
    let measurement = try DeltaMeasurement(solver: reverse(), images: pictures(.chainOrder), startIndex: 3, noise: PhiloxNoise(seed: 4))
    var predictor = FakePredictor(elementCount: elements)
    let spread = try measurement.run(samples: 0..<8, batch: 8, predictor: &predictor).total(of: 0..<8)
    #expect(try spread.points(measurement.solver.levels).map(\.index) == [0, 1, 2])
    #expect(predictor.calls == 4)
    #expect(throws: PlumbError.self) {
      try DeltaMeasurement(solver: reverse(), images: pictures(.chainOrder), startIndex: 8, noise: PhiloxNoise(seed: 4))
    }
  }

  @Test func trainingModeEvaluatesOncePerStepAndDoesNotDependOnBatches() throws {
    let measurement = try TrainingMeasurement(solver: reverse(), images: pictures(.trainingOrder), noise: PhiloxNoise(seed: 4))
    func measured(_ samples: Range<Int>, batch: Int) throws -> TrainingStatistics {
      var predictor = FakePredictor(elementCount: elements)
      let statistics = try measurement.run(samples: samples, batch: batch, predictor: &predictor).total(of: samples)
      #expect(predictor.calls == 8 * ((samples.count + batch - 1) / batch))
      return statistics
    }
    let whole = try measured(3..<50, batch: 47)
    #expect(try measured(3..<50, batch: 4) == whole)
    #expect(try TrainingStatistics(numbers: whole.numbers) == whole)
    #expect(whole.norms.predicted.points(.none).map(\.count) == [Int](repeating: 47, count: 8))
    #expect(try whole.singleStepPoints(measurement.solver.levels).map(\.index) == Array(0..<7))
  }

  @Test func theForwardMarginalIsTheSpreadOfNoisedImages() throws {
    // Empirical (training mode) against the closed form (delta): four thousand samples of each.
    let training = try TrainingMeasurement(
      solver: reverse(), images: pictures(.trainingOrder), measuresSingleStep: false, noise: PhiloxNoise(seed: 4))
    let delta = try DeltaMeasurement(solver: reverse(), images: pictures(.chainOrder), noise: PhiloxNoise(seed: 4))
    var predictor = FakePredictor(elementCount: elements)
    let seen = try training.run(samples: 0..<4000, batch: 100, predictor: &predictor).total(of: 0..<4000)
    let points = try delta.run(samples: 0..<4000, batch: 100, predictor: &predictor).total(of: 0..<4000).points(reverse().levels)
    #expect(seen.singleStep.steps.allSatisfy { $0.count == 0 })
    for point in points { #expect(abs(seen.marginalDeviations[point.index] - point.forwardMarginalDeviation) < 0.02) }
  }
}

@Suite struct PixelTests {
  @Test func bytesAreTruncatedAndClamped() {
    #expect([-2, -1, 0, 0.999, 1, 5, .nan, .infinity].map(Pixels.byte) == [0, 0, 127, 254, 255, 255, 0, 255])
    #expect(Pixels.model(255) == 1 && Pixels.model(0) == -1)
  }

  @Test func channelsGoLast() throws {
    let planes: [Float] = [-1, -1, -1, -1, 1, 1, 1, 1]
    let bytes = try planes.withUnsafeBufferPointer { try Pixels.channelsLast($0, channels: 2, height: 2, width: 2) }
    #expect(bytes == [0, 255, 0, 255, 0, 255, 0, 255])
    #expect(throws: PlumbError.self) {
      try planes.withUnsafeBufferPointer { try Pixels.channelsLast($0, channels: 3, height: 2, width: 2) }
    }
  }
}
