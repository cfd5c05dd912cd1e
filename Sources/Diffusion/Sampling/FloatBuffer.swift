/// Float memory made once and owned by one chain.
struct FloatBuffer: ~Copyable {
  let values: UnsafeMutableBufferPointer<Float>

  init(count: Int) {
    values = .allocate(capacity: count)
    values.initialize(repeating: 0)
  }

  /// The values of one image of a batch.
  func image(_ position: Int, of elementCount: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: values[position * elementCount..<(position + 1) * elementCount])
  }

  func first(_ count: Int) -> UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(rebasing: values[..<count]) }

  deinit { values.deallocate() }
}
