import Basics
import COneDNN

/// One convolution by oneDNN, from and to pictures with channels last.
struct OneDNNPeer: ~Copyable {
  private let convolution: OpaquePointer

  init(_ options: inout plumb_onednn_convolution_options) throws {
    var made: OpaquePointer?
    try Self.check(plumb_onednn_convolution_create(&options, &made))
    guard let made else { throw PlumbError("oneDNN gave nothing") }
    convolution = made
  }

  deinit { plumb_onednn_convolution_destroy(convolution) }

  func run(_ source: [Float], _ weight: [Float], _ bias: [Float], count: Int) throws -> [Float] {
    let sizes = [
      plumb_onednn_source_bytes(convolution), plumb_onednn_weight_bytes(convolution), plumb_onednn_destination_bytes(convolution),
      plumb_onednn_scratch_bytes(convolution),
    ]
    let memory = sizes.map { UnsafeMutableRawPointer.allocate(byteCount: max($0, 64), alignment: 64) }
    defer { for block in memory { block.deallocate() } }
    try Self.check(plumb_onednn_pack_source(convolution, source, memory[0]))
    try Self.check(plumb_onednn_pack_weights(convolution, weight, memory[1]))
    try Self.check(plumb_onednn_convolution_run(convolution, memory[0], memory[1], bias, memory[2], memory[3]))
    var result = [Float](repeating: 0, count: count)
    try Self.check(plumb_onednn_unpack_destination(convolution, memory[2], &result))
    return result
  }

  private static func check(_ result: plumb_onednn_result) throws {
    if result.status != 0 { throw PlumbError(String(cString: result.text), found: "status \(result.status)") }
  }
}
