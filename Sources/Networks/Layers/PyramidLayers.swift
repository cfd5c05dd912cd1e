import Basics
import Engine

/// The arguments of a pyramid: levels of residual blocks, each level with half the resolution of the one before.
struct Pyramid: Sendable, Hashable {
  /// The width that `chMult` multiplies.
  let ch: Int
  let chMult: [Int]
  /// Residual blocks of a level going down; going up there is one more.
  let numResBlocks: Int
  /// Levels with attention, 0 being the full resolution.
  let attentionLevels: [Int]
  /// Convolutions that halve and double; else the mean of four and bare repetition.
  let resampWithConv: Bool
  /// Groups of every norm.
  let groups: Int

  var levels: Int { chMult.count }

  /// The width of a level.
  func width(_ level: Int) -> Int { ch * chMult[level] }

  /// Throws unless every width divides into the groups of the norms.
  func checkWidths() throws {
    for (width, place) in [(ch, "ch")] + (0..<levels).map({ (width($0), "ch_mult") }) {
      guard width <= 65536, width % groups == 0 else {
        throw PlumbError(
          "a width does not divide into \(groups) groups of the norm", kind: .input, at: place,
          expected: "a multiple of \(groups), at most 65536", found: "\(width)")
      }
    }
  }
}

/// The blocks of ermongroup/ddim's U-Net (`models/diffusion.py`), which LDM's autoencoder took over with their names
/// (`diffusionmodules/model.py`). Levels are counted from the full resolution, down and up.
struct PyramidLayers: GroupNormBuilder {
  var graph = GraphBuilder()
  let taps: Set<String>
  let pyramid: Pyramid
  /// What the embedding does in every residual block; nothing in an autoencoder.
  var conditioning = Conditioning.none

  var groupNorm: GroupNormStyle { GroupNormStyle(groups: pyramid.groups, epsilon: 1e-6) }

  private static let residualNames = ResidualNames(
    norm1: "norm1", convolution1: "conv1", embedding: "temb_proj", norm2: "norm2", convolution2: "conv2", shortcut: "nin_shortcut")
  private static let attentionNames = AttentionNames(queries: "q", keys: "k", values: "v", result: "proj_out")

  init(_ pyramid: Pyramid, taps: Set<String> = []) {
    self.pyramid = pyramid
    self.taps = taps
  }

  /// From the full resolution to the last level; `each` is told the result of every block and of every layer that halves.
  mutating func downward(_ x: ValueID, _ down: ParameterScope, each: (ValueID) -> Void = { _ in }) -> ValueID {
    var h = x
    for level in 0..<pyramid.levels {
      let name = down["\(level)"]
      for index in 0..<pyramid.numResBlocks {
        h = block(h, name, index, level: level)
        each(h)
      }
      if level < pyramid.levels - 1 {
        // Zeros below and on the right only.
        h = halve(h, by: pyramid.resampWithConv ? name["downsample.conv"] : nil, border: .trailing)
        each(h)
      }
    }
    return h
  }

  mutating func middle(_ x: ValueID, _ mid: ParameterScope) -> ValueID {
    let width = channels(x)
    let h = attention(residual(x, mid["block_1"], width: width), mid["attn_1"])
    return residual(h, mid["block_2"], width: width)
  }

  /// From the last level to the full resolution; `join` gives what a block is fed for what the one before it made.
  mutating func upward(
    _ x: ValueID, _ up: ParameterScope, join: (inout GraphBuilder, ValueID) -> ValueID = { $1 }
  ) -> ValueID {
    var h = x
    for level in (0..<pyramid.levels).reversed() {
      let name = up["\(level)"]
      for index in 0...pyramid.numResBlocks { h = block(join(&graph, h), name, index, level: level) }
      if level > 0 { h = double(h, by: pyramid.resampWithConv ? name["upsample.conv"] : nil) }
    }
    return h
  }

  private mutating func block(_ x: ValueID, _ name: ParameterScope, _ index: Int, level: Int) -> ValueID {
    let h = residual(x, name["block.\(index)"], width: pyramid.width(level))
    return pyramid.attentionLevels.contains(level) ? attention(h, name["attn.\(index)"]) : h
  }

  private mutating func residual(_ x: ValueID, _ name: ParameterScope, width: Int) -> ValueID {
    residual(x, name, Self.residualNames, width: width, conditioning: conditioning)
  }

  /// A single head over all pixels, plus the input.
  private mutating func attention(_ x: ValueID, _ name: ParameterScope) -> ValueID {
    let normed = norm(x, name["norm"])
    return graph.add(
      x, attention(normed, to: normed, name, Self.attentionNames, heads: 1, form: .convolution2D, hasBias: true))
  }
}
