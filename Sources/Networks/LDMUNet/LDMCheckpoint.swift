import Basics
public import Checkpoints
import Engine

/// Where a file keeps LDM's U-Net: in a Lightning checkpoint of the whole model, or alone under its own names.
struct LDMCheckpoint {
  /// In front of every name of the model: "state_dict/", or nothing.
  let root: String
  /// The U-Net's own names; else they stand under "model.diffusion_model.".
  let isBare: Bool

  static let classEmbedding = "cond_stage_model.embedding.weight"
  private static let prefix = "model.diffusion_model."
  private static let probe = "input_blocks.0.0.weight"

  /// Nil when the file holds no such U-Net.
  init?(_ source: any TensorSource) {
    let names = Set(source.entries.map(\.name))
    for root in ["state_dict/", ""] {
      for isBare in [false, true] where names.contains(root + (isBare ? "" : Self.prefix) + Self.probe) {
        (self.root, self.isBare) = (root, isBare)
        return
      }
    }
    return nil
  }

  /// What stands in front of the U-Net's names.
  var prefix: String { root + (isBare ? "" : Self.prefix) }

  private var averagePrefix: String { root + "model_ema." }

  /// LitEma's name of a parameter: that within the wrapped model, without its dots.
  private func averageName(_ parameter: String) -> String {
    averagePrefix + "diffusion_model.\(parameter)".replacing(".", with: "")
  }

  /// The average by what stands in front of LitEma's names, whatever it makes of the rest.
  private func sets(_ source: any TensorSource) -> WeightSets {
    let probe = averageName(Self.probe)
    let hasAverage = !isBare && source.entries.contains { $0.name == probe }
    return WeightSets(averaged: hasAverage ? averagePrefix : nil, trained: prefix)
  }

  /// Whether the moving average is what is asked for. Throws when the file has none such.
  func isAverage(_ choice: WeightChoice, in source: any TensorSource) throws -> Bool { try sets(source).prefix(choice) == averagePrefix }

  /// The file's name of a parameter; the class embedding is in no moving average.
  func origin(_ parameter: String, fromAverage: Bool) -> String {
    if parameter == Self.classEmbedding { return root + parameter }
    return fromAverage ? averageName(parameter) : prefix + parameter
  }
}

extension LDMUNet {
  public func tensors(in source: any TensorSource, choice: WeightChoice) throws -> any TensorSource {
    guard let checkpoint = LDMCheckpoint(source) else { throw PlumbError("the file holds no U-Net of latent diffusion", kind: .input) }
    let isAverage = try checkpoint.isAverage(choice, in: source)
    let known = Set(source.entries.map(\.name))
    return try RenamedTensors(
      source,
      parameters().compactMap { parameter in
        let origin = checkpoint.origin(parameter.name, fromAverage: isAverage)
        return known.contains(origin) ? (name: parameter.name, of: origin, shape: nil) : nil
      })
  }
}
