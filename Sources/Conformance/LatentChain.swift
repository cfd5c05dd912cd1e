import Basics
import Diffusion

/// A sampling loop of LDM or DiT with every draw given: from `noise_x_T` through `noise_steps`, in the order they are used.
///
/// The chain itself is the stages' (`SamplingRun`); this only brings the draws of a case to it, and what an observer sees into
/// the form of the case's outputs.
struct LatentChain {
  let solver: ReverseProcess
  /// [C, H, W].
  let shape: [Int]
  let labels: [Int32]?
  private let start: [Float]
  private let draws: [RecordedNoise.Draw: [Float]]

  init(_ solver: ReverseProcess, inputs: CaseInputs, labels: [Int32]?) throws {
    self.solver = solver
    self.labels = labels
    let noise = try inputs.read("noise_x_T")
    guard noise.shape.count == 4, noise.shape[0] > 0 else {
      throw PlumbError("not latents", kind: .input, at: "noise_x_T", found: "\(noise.shape)")
    }
    shape = Array(noise.shape.dropFirst())
    start = noise.floats()
    var draws = [RecordedNoise.Draw(.start): start]
    if inputs.has("noise_steps") {
      for (number, draw) in try inputs.rows("noise_steps", shape: noise.shape, count: solver.process.count).enumerated() {
        draws[RecordedNoise.Draw(.step, step: solver.process.count - 1 - number)] = draw
      }
    }
    self.draws = draws
  }

  var count: Int { start.count / shape.reduce(1, *) }

  /// The same over a predictor whose predictions are kept.
  func run(_ base: some NoisePredictor, into record: RecordedPredictions) throws -> [String: HostTensor] {
    var predictor = RecordingPredictor(base, into: record)
    return try run(predictor: &predictor)
  }

  /// "samples"; "x_inter", x_T and the state after every step; "pred_x0" of every step.
  func run(samples: Range<Int>? = nil, predictor: inout some NoisePredictor) throws -> [String: HostTensor] {
    let samples = samples ?? 0..<count
    let size = shape.reduce(1, *)
    let run = SamplingRun(solver: solver, elementCount: size, noise: RecordedNoise(draws), labels: labels.map(ClassLabels.given))
    let recorder = StepRecorder()
    var images: [Float] = []
    _ = try run.run(samples: samples, batch: samples.count, predictor: &predictor, observers: [recorder]) { images.append(contentsOf: $1) }
    let steps = recorder.steps.sorted { $0.key > $1.key }.map(\.value)
    let all = [samples.count] + shape
    let first = Array(start[samples.lowerBound * size..<samples.upperBound * size])
    return [
      "samples": try HostTensor(floats: images, shape: all),
      "x_inter": try HostTensor(floats: first + steps.flatMap(\.previous), shape: [steps.count + 1] + all),
      "pred_x0": try HostTensor(floats: steps.flatMap(\.predictedStart), shape: [steps.count] + all),
    ]
  }
}

extension CaseInputs {
  /// A float32 input of `count` rows, each of a shape.
  func rows(_ name: String, shape: [Int], count: Int) throws -> [[Float]] {
    let tensor = try read(name)
    guard tensor.shape == [count] + shape else {
      throw PlumbError("an input has another shape", kind: .input, at: name, expected: "\([count] + shape)", found: "\(tensor.shape)")
    }
    let (values, size) = (tensor.floats(), shape.reduce(1, *))
    return (0..<count).map { Array(values[$0 * size..<($0 + 1) * size]) }
  }

  /// Throws unless the input `timesteps`, ascending, is that of a process.
  func check(timesteps process: DiffusionProcess) throws {
    let timesteps = try read("timesteps").integers().map { Int($0) }
    guard timesteps == process.timestepMap else {
      throw PlumbError(
        "timesteps are not those of the process", kind: .input, at: "timesteps", expected: "\(process.timestepMap)", found: "\(timesteps)")
    }
  }

  /// Epsilon Scaling from `eps_scaler`, its values at `timesteps` ascending, which must be k i + b.
  func scaling() throws -> EpsilonScaling {
    let timesteps = try read("timesteps").shape
    guard has("eps_scaler") else { return .none }
    let values = try read("eps_scaler").doubles()
    guard let first = values.first, let last = values.last, [values.count] == timesteps else {
      throw PlumbError(
        "not one scaler a timestep", kind: .input, at: "eps_scaler", expected: "\(timesteps)", found: "\(values.count)")
    }
    let scaling = EpsilonScaling(k: values.count > 1 ? (last - first) / Double(values.count - 1) : 0, b: first)
    guard values.enumerated().allSatisfy({ abs(scaling.lambda($0.offset) - $0.element) <= 1e-9 }) else {
      throw PlumbError("the scaler's values are not k i + b", kind: .input, at: "eps_scaler", found: "\(values)")
    }
    return scaling
  }

  /// Classes, one for each of `count` samples.
  func classes(_ name: String, count: Int) throws -> [Int32] {
    let classes = try read(name).integers()
    guard classes.count == count else {
      throw PlumbError("classes do not fit the images", kind: .input, at: name, expected: "\(count)", found: "\(classes.count)")
    }
    return try classes.map { label in
      guard let label = Int32(exactly: label) else { throw PlumbError("no such class", kind: .input, at: name, found: "\(label)") }
      return label
    }
  }
}
