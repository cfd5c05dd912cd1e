import Basics
import Diffusion
import Testing

private let elements = 12

private func reverse(
  _ sampler: any TimestepSampler = Ancestral(), variance: ModelVariance = .learnedRange, prediction: Prediction = .noise,
  scaling: EpsilonScaling = .none,
  clip: Bool = true
) throws -> ReverseProcess {
  let process = try DiffusionProcess(schedule: .cosine, steps: 1000, respacing: Respacing(parsing: "10"))
  return try ReverseProcess(
    process: process, variance: variance, prediction: prediction, sampler: sampler, scaling: scaling, clipDenoised: clip)
}

private func images(_ reverse: ReverseProcess, _ samples: Range<Int>, batch: Int, labels: ClassLabels? = nil) throws -> (
  images: [Float], norms: EpsilonNorms
) {
  var (images, predictor): ([Float], FakePredictor) = ([], FakePredictor(elementCount: elements, factor: reverse.outputFactor))
  let run = SamplingRun(solver: reverse, elementCount: elements, noise: PhiloxNoise(seed: 1), labels: labels)
  let norms = try run.run(samples: samples, batch: batch, predictor: &predictor) { images.append(contentsOf: $1) }
  return (images, try norms.total(of: samples).predicted)
}

@Suite struct ChainTests {
  @Test(arguments: [Ancestral(), DDIM(), DDIM(eta: 0.5)] as [any TimestepSampler], ModelVariance.allCases)
  func aSamplesBitsDoNotDependOnTheBatch(_ sampler: any TimestepSampler, _ variance: ModelVariance) throws {
    let reverse = try reverse(sampler, variance: variance, scaling: EpsilonScaling(k: 0.002, b: 1.01))
    let labels = ClassLabels.uniform(classes: 4, seed: 3)
    let whole = try images(reverse, 0..<21, batch: 21, labels: labels)
    for batch in [1, 4, 9] {
      let parts = try images(reverse, 0..<21, batch: batch, labels: labels)
      #expect(parts.images == whole.images)
      #expect(parts.norms == whole.norms)
    }
    #expect(try images(reverse, 5..<9, batch: 3, labels: labels).images == Array(whole.images[5 * elements..<9 * elements]))
  }

  @Test func ablationsShareTheirStart() throws {
    let (plain, scaled) = (FirstStates(), FirstStates())
    for (scaling, observer) in [(EpsilonScaling.none, plain), (EpsilonScaling(b: 1.02), scaled)] {
      let chain = try SamplingChain(solver: reverse(scaling: scaling), elementCount: elements, batch: 4)
      var predictor = FakePredictor(elementCount: elements, factor: 2)
      try chain.run(samples: 2..<6, from: .noise, predictor: &predictor, noise: PhiloxNoise(seed: 3), observers: [observer])
    }
    #expect(plain.values == scaled.values && plain.values.count == 4 * elements)
  }

  @Test func scalingDividesTheNoiseAndNotTheNorm() throws {
    let scaled = try images(reverse(scaling: EpsilonScaling(k: 0.01, b: 1.1)), 0..<8, batch: 8).norms.points(
      EpsilonScaling(k: 0.01, b: 1.1))
    #expect(scaled.map(\.index) == Array(0..<10))
    #expect(scaled[9].lambda == 0.01 * 9 + 1.1)
    #expect(scaled[9].scaledMean == scaled[9].mean / scaled[9].lambda)
    let plain = try images(reverse(), 0..<8, batch: 8).norms.points(.none)
    #expect(plain[9].mean == scaled[9].mean)
    #expect(plain[8].mean != scaled[8].mean)
  }

  @Test func clippingBoundsThePredictionOfTheImage() throws {
    for clip in [true, false] {
      let chain = try SamplingChain(solver: reverse(clip: clip), elementCount: elements, batch: 8)
      var predictor = FakePredictor(elementCount: elements, factor: 2)
      let observer = LargestStart()
      try chain.run(samples: 0..<8, from: .noise, predictor: &predictor, noise: PhiloxNoise(seed: 3), observers: [observer])
      #expect(clip ? observer.largest == 1 : observer.largest > 1)
    }
  }

  @Test func predictingTheImageScalesTheNoiseItImplies() throws {
    let plain = try images(reverse(prediction: .start), 0..<4, batch: 4).images
    #expect(try images(reverse(prediction: .start, scaling: EpsilonScaling(b: 1)), 0..<4, batch: 2).images == plain)
    #expect(try images(reverse(prediction: .start, scaling: EpsilonScaling(b: 1.05)), 0..<4, batch: 2).images != plain)
  }

  @Test func aCheckThatThrowsEndsTheChainBetweenSteps() throws {
    let chain = try SamplingChain(solver: reverse(), elementCount: elements, batch: 2)
    var (predictor, left) = (FakePredictor(elementCount: elements, factor: 2), 3)
    #expect(throws: PlumbError.self) {
      try chain.run(samples: 0..<2, from: .noise, predictor: &predictor, noise: PhiloxNoise(seed: 0)) {
        left -= 1
        if left < 0 { throw PlumbError("stop", kind: .interrupted) }
      }
    }
    #expect(predictor.calls == 3)
  }

  @Test func aScalingThatReachesZeroIsRefused() throws {
    #expect(throws: PlumbError.self) { try reverse(scaling: EpsilonScaling(k: -0.2, b: 1)) }
    #expect(throws: PlumbError.self) { try reverse(scaling: EpsilonScaling(b: 0)) }
    #expect(throws: PlumbError.self) { try reverse(DDIM(eta: -1)) }
  }
}

private final class FirstStates: StepObserver {
  var values: [Float] = []
  func observe(_ step: StepView) {
    guard values.isEmpty else { return }
    for position in 0..<step.samples.count { values.append(contentsOf: step.state(position)) }
  }
}

private final class LargestStart: StepObserver {
  var largest: Float = 0
  func observe(_ step: StepView) {
    for position in 0..<step.samples.count { largest = step.predictedStart(position).reduce(largest) { max($0, abs($1)) } }
  }
}
