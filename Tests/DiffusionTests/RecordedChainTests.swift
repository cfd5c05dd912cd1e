import Basics
import Diffusion
import Testing

/// The reference's loops step by step, with its own predictions in place of the network: what is compared here is the
/// arithmetic of the step alone. Learned ancestral variances need the network and are compared by conformance.
@Suite struct RecordedChainTests {
  static let cases = ((try? GoldenCase.all("adm")) ?? []).filter {
    $0.description["kind"]?.text == "sampler"
      && ($0.description["config"]?["sampler"]?["loop"]?.text == "ddim_sample_loop"
        || $0.description["config"]?["diffusion"]?["learn_sigma"]?.bool == false)
  }

  @Test func theCasesAreThere() { #expect(Self.cases.count == 13) }

  @Test(arguments: cases.map(\.name)) func everyStepIsMet(_ name: String) throws {
    let golden = try GoldenCase("adm", name)
    let config = golden.description["config"]
    let diffusion = config?["diffusion"]
    let process = try DiffusionProcess(
      schedule: BetaSchedule(named: try #require(diffusion?["noise_schedule"]?.text)),
      steps: try #require(diffusion?["diffusion_steps"]?.integer),
      respacing: Respacing(parsing: try #require(diffusion?["timestep_respacing"]?.text)),
      rescaleTimesteps: diffusion?["rescale_timesteps"]?.bool == true)
    let eta = config?["sampler"]?["eta"]?.double
    let schedule = config?["eps_schedule"]
    let reverse = try ReverseProcess(
      process: process, variance: try #require(ModelVariance(rawValue: diffusion?["model_var_type"]?.text ?? "")),
      sampler: eta.map { DDIM(eta: $0) } ?? Ancestral(),
      scaling: EpsilonScaling(k: try #require(schedule?["k"]?.double), b: try #require(schedule?["b"]?.double)))

    let start = try golden.tensor("noise_x_T")
    let numbers = (0..<process.count).map { ($0 < 10 ? "00" : "0") + "\($0)" }
    var draws = [RecordedNoise.Draw(.start): start.floats()]
    for (step, number) in numbers.enumerated() {
      draws[RecordedNoise.Draw(.step, step: process.count - 1 - step)] = try golden.tensor("noise_step_\(number)").floats()
    }
    var predictor = RecordedPredictor(
      predictions: try numbers.map { try golden.tensor("eps_step_\($0)").floats() }, elementCount: start.shape.dropFirst().reduce(1, *),
      factor: reverse.outputFactor)
    let recorder = Recorder()
    let run = SamplingRun(solver: reverse, elementCount: predictor.elementCount, noise: RecordedNoise(draws))
    var sample: [Double] = []
    _ = try run.run(samples: 0..<start.shape[0], batch: start.shape[0], predictor: &predictor, observers: [recorder]) {
      sample += $1.map(Double.init)
    }
    #expect(try golden.miss("sample", sample) == nil)
    for (step, number) in numbers.enumerated() {
      #expect(try golden.miss("pred_xstart_step_\(number)", recorder.starts[step]) == nil)
      #expect(try golden.miss("x_step_\(number)", recorder.states[step]) == nil)
    }
    #expect(predictor.timesteps == (0..<process.count).reversed().map(process.modelTimestep))
  }
}

/// Gives recorded predictions, one call after the other.
private struct RecordedPredictor: NoisePredictor {
  let predictions: [[Float]]
  let elementCount: Int
  let factor: Int
  var timesteps: [Float] = []

  mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    let prediction = predictions[timesteps.count]
    timesteps.append(timestep)
    for image in 0..<count {
      for element in 0..<elementCount { out[image * elementCount * factor + element] = prediction[image * elementCount + element] }
    }
  }
}

private final class Recorder: StepObserver {
  var starts: [[Double]] = []
  var states: [[Double]] = []

  func observe(_ step: StepView) {
    starts.append((0..<step.samples.count).flatMap { step.predictedStart($0).map(Double.init) })
    states.append((0..<step.samples.count).flatMap { step.previous($0)?.map(Double.init) ?? [] })
  }
}
