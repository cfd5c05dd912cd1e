import Engine

/// The blocks of guided-diffusion's U-Net, from the picture to the output. LDM's U-Net consists of the same, but for what
/// stands where there is attention.
struct ADMUNetBlocks {
  /// The attention layer: of a value, under a name, on the way up or not.
  typealias AttentionLayer = (_ layers: inout ADMLayers, _ x: ValueID, _ name: String, _ isUpward: Bool) -> ValueID

  var layers: ADMLayers
  /// Told the result of every block: "input_blocks.0", …, "middle_block", "output_blocks.0", ….
  var tap: (_ graph: inout GraphBuilder, _ block: String, _ value: ValueID) -> Void = { _, _, _ in }
  private let arguments: ADMUNetConfiguration
  private let attention: AttentionLayer
  private var skips: [ValueID] = []

  /// `layers` holds the inputs and the embedding already.
  init(_ arguments: ADMUNetConfiguration, _ layers: ADMLayers, attention: @escaping AttentionLayer) {
    self.arguments = arguments
    self.layers = layers
    self.attention = attention
  }

  /// The network's output for the picture `x`.
  mutating func build(_ x: ValueID) -> ValueID {
    var h = encode(x)
    h = layers.graph.silu(layers.norm(upward(h), "out.0"))
    return layers.convolution(h, "out.2", width: arguments.outChannels, kernel: 3)
  }

  /// The way down and the middle.
  mutating func encode(_ x: ValueID) -> ValueID {
    downward(x)
    var h = skips.last ?? x
    h = layers.residual(h, "middle_block.0", width: layers.channels(h))
    h = attention(&layers, h, "middle_block.1", false)
    h = layers.residual(h, "middle_block.2", width: layers.channels(h))
    tap(&layers.graph, "middle_block", h)
    return h
  }

  /// `input_blocks`: a convolution, then for every level its residual blocks and, but for the last, one that halves. The
  /// output of every block is a skip.
  private mutating func downward(_ x: ValueID) {
    var h = layers.convolution(x, "input_blocks.0.0", width: arguments.width(0), kernel: 3)
    keep(h)
    for level in 0..<arguments.levels {
      for _ in 0..<arguments.numResBlocks {
        let block = "input_blocks.\(skips.count)"
        h = layers.residual(h, "\(block).0", width: arguments.width(level))
        if attends(level) { h = attention(&layers, h, "\(block).1", false) }
        keep(h)
      }
      if level < arguments.levels - 1 {
        h = layers.halve(h, "input_blocks.\(skips.count).0")
        keep(h)
      }
    }
  }

  private mutating func keep(_ h: ValueID) {
    tap(&layers.graph, "input_blocks.\(skips.count)", h)
    skips.append(h)
  }

  /// `output_blocks`: every block takes the latest skip left beside its input; the last one of a level, but for the first
  /// level, doubles.
  private mutating func upward(_ middle: ValueID) -> ValueID {
    var h = middle
    var index = 0
    for level in (0..<arguments.levels).reversed() {
      for position in 0...arguments.numResBlocks {
        guard let skip = skips.popLast() else { return h }
        let block = "output_blocks.\(index)"
        var layer = 1
        h = layers.residual(layers.graph.concatenate(h, skip), "\(block).0", width: arguments.width(level))
        if attends(level) {
          h = attention(&layers, h, "\(block).1", true)
          layer = 2
        }
        if level > 0, position == arguments.numResBlocks { h = layers.double(h, "\(block).\(layer)") }
        tap(&layers.graph, block, h)
        index += 1
      }
    }
    return h
  }

  private func attends(_ level: Int) -> Bool { arguments.attentionResolutions.contains(1 << level) }
}
