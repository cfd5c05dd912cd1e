import Basics
public import Checkpoints
public import Engine

/// A network of EDM (Karras et al. 2022), to be called through one of its preconditioners.
///
/// Inputs: "x" `[N, in_channels, R, R]`, already multiplied by c_in, "timesteps" `[N]` holding c_noise, and, with `label_dim`,
/// "labels" `[N]`, where -1 is no class. Output: "out" `[N, out_channels, R, R]`, the F of the paper. Taps: "emb"
/// `[N, emb_channels]`, the embedding every block is given, and the entries of the original's `enc` and `dec` by name.
/// Dropout is off.
public protocol EDMNetwork: Network {
  /// Width of the augmentation labels it was trained with; 0 without. Samplers give none.
  var augmentWidth: Int { get }
  /// The blocks that can be handed out, in the order they run.
  var blockNames: [String] { get }
  /// The graph with, when `isAugmented`, another input "augment_labels" `[N, augment_dim, 1, 1]`. Throws on an unknown tap,
  /// and for a network without augmentation.
  func graph(taps: Set<String>, isAugmented: Bool) throws -> Graph
}

extension EDMNetwork {
  public static var taps: Set<String> { ["emb"] }

  public func graph(taps: Set<String>) throws -> Graph { try graph(taps: taps, isAugmented: false) }

  public static func recognise(_ source: any TensorSource) throws -> Recognition? {
    try EDMCheckpoint(source, choice: .authors).flatMap { try $0.recognition(of: architecture) }
  }

  /// The parameters of the moving average ("ema"), unless raw ones ("net", PFGM++) are asked for.
  public func tensors(in source: any TensorSource, choice: WeightChoice) throws -> any TensorSource {
    try tensors(in: source, choice: choice, isAugmented: false)
  }

  /// The same for a graph with or without the augmentation input: without, its weight is left out.
  public func tensors(in source: any TensorSource, choice: WeightChoice, isAugmented: Bool) throws -> any TensorSource {
    guard let checkpoint = try EDMCheckpoint(source, choice: choice) else {
      throw PlumbError(
        "the checkpoint holds no network of this kind", kind: .input, expected: "a tensor called \(EDMCheckpoint.landmark)")
    }
    return try checkpoint.tensors(of: source, isAugmented: isAugmented)
  }

  func check(taps: Set<String>, isAugmented: Bool) throws {
    let known = Self.taps.union(blockNames)
    if let tap = taps.subtracting(known).min() {
      throw PlumbError(
        "\(Self.architecture) has no such value to hand out", kind: .input, at: tap, expected: known.sorted().joined(separator: ", "))
    }
    guard !isAugmented || augmentWidth > 0 else {
      throw PlumbError("the network takes no augmentation labels", kind: .input, at: "augment_dim", expected: "1 or more", found: "0")
    }
  }
}
