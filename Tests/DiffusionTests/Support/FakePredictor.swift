import Diffusion

/// A predictor whose output depends on image, timestep and class, and on nothing else; with `factor` 2 it gives variance
/// channels too.
struct FakePredictor: NoisePredictor {
  let elementCount: Int
  var factor = 1
  var calls = 0

  mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    calls += 1
    for image in 0..<count {
      for element in 0..<elementCount {
        let value = x[image * elementCount + element]
        let label = Float(labels?[image] ?? 0)
        out[image * elementCount * factor + element] = 0.9 * value + 0.0003 * timestep * value / (1 + value * value) + 0.01 * label
        if factor == 2 { out[(image * 2 + 1) * elementCount + element] = value / (1 + abs(value)) }
      }
    }
  }
}
