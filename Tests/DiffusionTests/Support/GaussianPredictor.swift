import Diffusion

/// The best prediction of the noise where every value of an image is N(mean, deviation²) by itself.
struct GaussianPredictor: NoisePredictor {
  let elementCount: Int
  /// abar by training step.
  let bars: [Double]
  var mean = 0.3
  var deviation = 0.5
  private(set) var timesteps: [Int] = []

  init(elementCount: Int, schedule: BetaSchedule) throws {
    self.elementCount = elementCount
    bars = try DiffusionProcess(schedule: schedule, steps: 1000).alphasCumprod
  }

  mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    timesteps.append(Int(timestep))
    let bar = bars[Int(timestep)]
    let factor = (1 - bar).squareRoot() / (bar * deviation * deviation + 1 - bar)
    for element in 0..<count * elementCount { out[element] = Float(factor * (Double(x[element]) - bar.squareRoot() * mean)) }
  }

  /// Where the probability flow takes `x` from one abar to another: distances from the mean keep their quantile.
  func flow(_ x: Float, from bar: Double, to end: Double) -> Double {
    let spread = { (bar: Double) in (bar * deviation * deviation + 1 - bar).squareRoot() }
    return end.squareRoot() * mean + spread(end) / spread(bar) * (Double(x) - bar.squareRoot() * mean)
  }
}
