extension DiffusionProcess {
  /// x_t = sqrt(abar) x_0 + sqrt(1 - abar) noise, in float32.
  ///
  /// `image`, `noise` and `noised` hold the same number of values; `noised` may be `noise`.
  public func noise(
    _ image: UnsafeBufferPointer<Float>, with noise: UnsafeBufferPointer<Float>, at index: Int,
    into noised: UnsafeMutableBufferPointer<Float>
  ) throws {
    try check(index: index)
    let signal = Float(alphasCumprod[index].squareRoot())
    let spread = Float(noiseDeviation(index))
    for element in 0..<min(image.count, noise.count, noised.count) {
      noised[element] = signal * image[element] + spread * noise[element]
    }
  }
}
