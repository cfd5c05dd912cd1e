import Basics

/// The configuration from names and shapes alone. Everything that changes a number is in them: heads are one (`SongUNet`)
/// or one for 64 channels (`DhariwalUNet`), and the taps of the filters are stored. Dropout is not, and has no effect.
extension EDMCheckpoint {
  func songShapes() throws -> [String: JSONValue] {
    let levels = try resolutions()
    let first = try shape("enc.\(levels[0])x\(levels[0])_conv.weight", rank: 4)
    let (emb, noise) = try mapping()
    let width = first[0]
    guard emb % width == 0, noise % width == 0 else { throw Self.misfit("map_layer0.weight", [emb, noise], "multiples of \(width)") }
    var configuration = try common(levels, width: width)
    configuration["in_channels"] = JSONValue(first[1])
    configuration["out_channels"] = JSONValue(try shape("dec.\(levels[0])x\(levels[0])_aux_conv.weight", rank: 4)[0])
    configuration["channel_mult_emb"] = JSONValue(emb / width)
    configuration["channel_mult_noise"] = JSONValue(noise / width)
    configuration["embedding_type"] = !shapes.has("map_noise.freqs") ? "positional" : "fourier"
    configuration["encoder_type"] = has("_aux_skip.weight") ? "skip" : has("_aux_residual.weight") ? "residual" : "standard"
    let lowest = levels[levels.count - 1]
    configuration["decoder_type"] = levels.count > 1 && shapes.has("dec.\(lowest)x\(lowest)_aux_conv.weight") ? "skip" : "standard"
    configuration["resample_filter"] = filter()
    return configuration
  }

  func dhariwalShapes() throws -> [String: JSONValue] {
    let levels = try resolutions()
    // The embedding is as wide as model_channels.
    let (emb, width) = try mapping()
    guard emb % width == 0 else { throw Self.misfit("map_layer0.weight", [emb, width], "a multiple of \(width)") }
    var configuration = try common(levels, width: width)
    configuration["in_channels"] = JSONValue(try shape("enc.\(levels[0])x\(levels[0])_conv.weight", rank: 4)[1])
    configuration["out_channels"] = JSONValue(try shape("out_conv.weight", rank: 4)[0])
    configuration["channel_mult_emb"] = JSONValue(emb / width)
    return configuration
  }

  private func common(_ levels: [Int], width: Int) throws -> [String: JSONValue] {
    var multipliers: [Int] = []
    for level in levels {
      let name = "dec.\(level)x\(level)_block0.conv0.weight"
      let wide = try shape(name, rank: 4)[0]
      guard wide % width == 0 else { throw Self.misfit(name, [wide], "a multiple of \(width)") }
      multipliers.append(wide / width)
    }
    // The last block of a level of the decoder attends exactly where attention is asked for.
    let blocks = min(shapes.count { "dec.\(levels[0])x\(levels[0])_block\($0).conv0.weight" }, 65) - 1
    let attending = levels.filter { shapes.has("dec.\($0)x\($0)_block\(blocks).qkv.weight") }
    return [
      "img_resolution": JSONValue(levels[0]), "model_channels": JSONValue(width), "channel_mult": JSONValue(multipliers),
      "num_blocks": JSONValue(blocks), "attn_resolutions": JSONValue(attending),
      "label_dim": JSONValue(try inputWidth(of: "map_label.weight")), "augment_dim": JSONValue(try inputWidth(of: "map_augment.weight")),
    ]
  }

  /// Of the decoder's blocks, largest first: every resolution has a "block0".
  private func resolutions() throws -> [Int] {
    let levels = shapes.names.compactMap { name -> Int? in
      guard name.hasPrefix("dec."), name.hasSuffix("_block0.conv0.weight") else { return nil }
      let parts = name.dropFirst(4).prefix { $0 != "_" }.split(separator: "x").map { Int($0) }
      guard parts.count == 2, let side = parts[0], parts[1] == side, side > 0 else { return nil }
      return side
    }
    guard !levels.isEmpty else { throw PlumbError("tensor is missing", kind: .input, at: "dec.…_block0.conv0.weight") }
    return levels.sorted(by: >)
  }

  /// Width of the embedding, and of the noise embedding it is made from.
  private func mapping() throws -> (emb: Int, noise: Int) {
    let shape = try shape(Self.landmark, rank: 2)
    return (shape[0], shape[1])
  }

  /// The taps, from the shape alone: a graph takes them from the file, so only their number is asked for.
  private func filter() -> JSONValue {
    let length = shapes.names.filter { $0.hasSuffix(".resample_filter") }.compactMap { shapes.extent($0, axis: 3) }.first ?? 2
    switch length {
    case 4: return [1, 3, 3, 1]
    default: return JSONValue([Int](repeating: 1, count: max(2, min(length, 64))))
    }
  }

  private func has(_ suffix: String) -> Bool { shapes.names.contains { $0.hasSuffix(suffix) } }

  private func shape(_ name: String, rank: Int) throws -> [Int] {
    guard shapes.has(name) else { throw PlumbError("tensor is missing", kind: .input, at: name) }
    guard let shape = shapes[name], shape.count == rank, shape.allSatisfy({ $0 > 0 }) else {
      throw Self.misfit(name, shapes[name], "\(rank) extents")
    }
    return shape
  }

  /// The input width of a linear layer; 0 where there is none.
  private func inputWidth(of name: String) throws -> Int { !shapes.has(name) ? 0 : try shape(name, rank: 2)[1] }

  private static func misfit(_ name: String, _ shape: [Int]?, _ expected: String) -> PlumbError {
    PlumbError("tensor has an unexpected shape", kind: .input, at: name, expected: expected, found: shape.map { "\($0)" })
  }
}
