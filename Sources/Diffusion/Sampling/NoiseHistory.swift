/// The predicted noises of the last three steps of a batch, after scaling, and their linear multistep combination with the
/// present one (Liu et al. 2022, arXiv:2202.09778, equation 12; Adams–Bashforth).
struct NoiseHistory: ~Copyable {
  private let size: Int
  private let values: FloatBuffer
  private var newest = 0
  private(set) var count = 0

  /// `size` values are kept of each step.
  init(size: Int) {
    self.size = size
    values = FloatBuffer(count: 3 * size)
  }

  mutating func clear() { count = 0 }

  /// Keeps the first `count` values of `noise` as the most recent.
  mutating func append(_ noise: UnsafeMutableBufferPointer<Float>, count used: Int) {
    newest = (newest + 1) % 3
    count = min(count + 1, 3)
    let kept = past(1)
    for element in 0..<used { kept[element] = noise[element] }
  }

  /// The combination of the first `count` values of `noise` with those kept, of the order the history allows, up to four.
  func combine(_ noise: UnsafeMutableBufferPointer<Float>, count used: Int, into combined: UnsafeMutableBufferPointer<Float>) {
    let (one, two, three) = (past(1), past(2), past(3))
    switch count {
    case 0:
      for element in 0..<used { combined[element] = noise[element] }
    case 1:
      for element in 0..<used { combined[element] = (3 * noise[element] - one[element]) / 2 }
    case 2:
      for element in 0..<used { combined[element] = (23 * noise[element] - 16 * one[element] + 5 * two[element]) / 12 }
    default:
      for element in 0..<used {
        combined[element] = (55 * noise[element] - 59 * one[element] + 37 * two[element] - 9 * three[element]) / 24
      }
    }
  }

  /// The noise of `steps` steps ago, one to three.
  private func past(_ steps: Int) -> UnsafeMutableBufferPointer<Float> {
    let slot = (newest + 4 - steps) % 3
    return UnsafeMutableBufferPointer(rebasing: values.values[slot * size..<(slot + 1) * size])
  }
}
