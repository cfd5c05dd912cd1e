/// The dense row-major bytes of an array of `shape` whose elements of `size` bytes lie at `strides` (in elements) in
/// `source`. The caller has checked that every element lies inside it.
func gatherElements(_ source: [UInt8], size: Int, shape: [Int], strides: [Int]) -> [UInt8] {
  let count = shape.reduce(1, *)
  guard count > 0, let inner = shape.last, let innerStride = strides.last else { return Array(source.prefix(count * size)) }
  return [UInt8](unsafeUninitializedCapacity: count * size) { buffer, filled in
    source.withUnsafeBytes { source in
      let target = UnsafeMutableRawBufferPointer(buffer)
      // The position in the leading dimensions, and the element it starts at.
      var position = [Int](repeating: 0, count: shape.count - 1)
      var row = 0
      for index in 0..<count / inner {
        for element in 0..<inner {
          let from = (row + element * innerStride) * size
          let to = (index * inner + element) * size
          for byte in 0..<size { target[to + byte] = source[from + byte] }
        }
        var dimension = position.count - 1
        while dimension >= 0 {
          position[dimension] += 1
          row += strides[dimension]
          if position[dimension] < shape[dimension] { break }
          row -= position[dimension] * strides[dimension]
          position[dimension] = 0
          dimension -= 1
        }
      }
    }
    filled = count * size
  }
}

/// Reverses the bytes of every element of `size` bytes: other byte orders.
func swapBytes(_ bytes: inout [UInt8], elementSize size: Int) {
  guard size > 1 else { return }
  for start in stride(from: 0, through: bytes.count - size, by: size) {
    for byte in 0..<size / 2 { bytes.swapAt(start + byte, start + size - 1 - byte) }
  }
}
