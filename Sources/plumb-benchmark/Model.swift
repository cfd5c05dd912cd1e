import ArgumentParser
import Basics
import Checkpoints
import Engine

/// The networks that are measured: the shipped one, and for CIFAR-10 at full width ADM's and EDM's (DDPM++ and NCSN++),
/// and DiT-B/2 for latents of 32 x 32.
enum Model: String, ExpressibleByArgument, CaseIterable {
  case digits, cifar10
  case ddpmpp = "edm-ddpmpp"
  case ncsnpp = "edm-ncsnpp"
  case ditB2 = "dit-b2"

  var architecture: String {
    switch self {
    case .digits, .cifar10: "adm-unet"
    case .ddpmpp, .ncsnpp: "song-unet"
    case .ditB2: "dit"
    }
  }

  var configuration: JSONValue {
    switch self {
    case .digits:
      [
        "image_size": 8, "in_channels": 1, "model_channels": 32, "out_channels": 2, "num_res_blocks": 1, "attention_resolutions": [2, 4],
        "channel_mult": [1, 1, 2], "num_head_channels": 32, "use_scale_shift_norm": true, "resblock_updown": true,
        "use_new_attention_order": true,
      ]
    case .cifar10:
      [
        "image_size": 32, "in_channels": 3, "model_channels": 128, "out_channels": 6, "num_res_blocks": 3,
        "attention_resolutions": [2, 4],
        "channel_mult": [1, 2, 2, 2], "num_heads": 4, "num_head_channels": 32, "use_scale_shift_norm": true, "resblock_updown": true,
        "use_new_attention_order": true,
      ]
    case .ddpmpp:
      ["img_resolution": 32, "in_channels": 3, "out_channels": 3, "model_channels": 128, "channel_mult": [2, 2, 2]]
    case .ncsnpp:
      [
        "img_resolution": 32, "in_channels": 3, "out_channels": 3, "model_channels": 128, "channel_mult": [2, 2, 2],
        "embedding_type": "fourier", "encoder_type": "residual", "channel_mult_noise": 2, "resample_filter": [1, 3, 3, 1],
      ]
    case .ditB2:
      ["input_size": 32, "patch_size": 2, "in_channels": 4, "hidden_size": 768, "depth": 12, "num_heads": 12, "num_classes": 1000]
    }
  }
}

/// Small numbers for every parameter of a graph.
struct RandomTensors: TensorSource {
  let entries: [TensorEntry]

  init(graph: Graph) { entries = graph.parameters.map { TensorEntry(name: $0.name, dtype: .float32, shape: $0.shape) } }

  func read(_ name: String) throws -> HostTensor {
    guard let entry = entries.first(where: { $0.name == name }) else { throw PlumbError("no such tensor", at: name) }
    let count = try HostTensor.elementCount(entry.shape)
    let scale = 1 / Float(max(count / (entry.shape.first ?? 1), 1)).squareRoot()
    return try HostTensor(floats: (0..<count).map { (Float(($0 &* 7919) % 1009) / 504.5 - 1) * scale }, shape: entry.shape)
  }
}
