/// The levels of noise a sampler visits: x_i = s_i x_0 + d_i z with z standard normal.
///
/// Index 0 has the least noise, `count` - 1 the most; below index 0 there is the finished image, which has no level.
public struct NoiseLevels: Sendable, Hashable {
  /// What names a level.
  public enum Axis: String, Sendable, Hashable {
    /// A step of the training process, a whole number.
    case timestep
    /// The standard deviation of the noise relative to the signal.
    case sigma
  }

  public let axis: Axis
  /// Timestep or sigma of each level.
  public let labels: [Double]
  /// s_i²: abar_i where variance is preserved, 1 where it explodes.
  public let signalPower: [Double]
  /// d_i²: 1 - abar_i where variance is preserved, sigma_i² where it explodes.
  public let noisePower: [Double]

  /// The three tables have one value for each level.
  public init(axis: Axis, labels: [Double], signalPower: [Double], noisePower: [Double]) {
    self.axis = axis
    self.labels = labels
    self.signalPower = signalPower
    self.noisePower = noisePower
  }

  public var count: Int { labels.count }

  /// s_i, the factor of x_0.
  public func signal(_ index: Int) -> Double { signalPower[index].squareRoot() }

  /// d_i, the standard deviation of the noise in x_i given x_0.
  public func deviation(_ index: Int) -> Double { noisePower[index].squareRoot() }
}

extension DiffusionProcess {
  public var levels: NoiseLevels {
    NoiseLevels(
      axis: .timestep, labels: timestepMap.map { Double($0) }, signalPower: alphasCumprod, noisePower: alphasCumprod.map { 1 - $0 })
  }
}
