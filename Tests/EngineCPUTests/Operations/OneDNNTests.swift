import CKernels
import COneDNN
import Engine
import EngineCPU
import ReferenceDevice
import Testing

/// A second opinion on the convolution: another library, in its own layout.
@Suite struct OneDNNTests {
  static let cases: [[Int64]] = [
    [8, 32, 32, 3, 1], [4, 64, 48, 3, 1], [9, 16, 24, 3, 2], [6, 32, 64, 1, 1], [16, 3, 128, 3, 1], [8, 32, 2, 3, 1],
  ]

  @Test(arguments: cases, [plumb_onednn_channels_last, plumb_onednn_preferred])
  func convolutionAgreesWithOneDNN(_ shape: [Int64], _ layout: plumb_onednn_layout) throws {
    let (size, from, to, kernel, stride, batch) = (shape[0], shape[1], shape[2], shape[3], shape[4], Int64(3))
    let extent = (size + 2 * (kernel / 2) - kernel) / stride + 1
    var numbers = TestNumbers(seed: 1)
    let source = numbers.floats(Int(batch * size * size * from))
    let weight = numbers.floats(Int(to * from * kernel * kernel))
    let bias = numbers.floats(Int(to))

    var ours = plumb_convolution_shape(
      height: size, width: size, channels: from, output_height: extent, output_width: extent, output_channels: to,
      kernel_height: kernel, kernel_width: kernel, stride: stride, padding: kernel / 2)
    var packed = [Float](repeating: 0, count: Int(plumb_convolution_packed_count(&ours)))
    plumb_convolution_pack(&ours, weight, bias, &packed)
    var found = [Float](repeating: 0, count: Int(batch * extent * extent * to))
    plumb_convolution(&ours, batch, source, packed, nil, &found)

    var options = plumb_onednn_convolution_options(
      batch: batch, channels: from, height: size, width: size, output_channels: to, output_height: extent, output_width: extent,
      kernel_height: kernel, kernel_width: kernel, stride: stride, padding: kernel / 2, has_bias: 1, adds_residual: 0, layout: layout)
    let other = try OneDNNPeer(&options).run(source, weight, bias, count: found.count)
    for (x, y) in zip(found, other) {
      #expect(abs(Double(x) - Double(y)) <= 2 * Tolerance.sum(depth: Int(from * kernel * kernel)))
    }
  }

  @Test func refusalHasAText() {
    var options = plumb_onednn_convolution_options()
    options.batch = -1
    var convolution: OpaquePointer?
    let result = plumb_onednn_convolution_create(&options, &convolution)
    #expect(result.status != 0 && convolution == nil)
    #expect(String(cString: result.text).hasPrefix("oneDNN: "))
  }
}
