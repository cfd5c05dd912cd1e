public import Basics
public import Checkpoints
public import Engine

/// One architecture with one configuration: everything about a network but its weights.
///
/// From it come the graph, and with the graph the list of parameters a checkpoint must have, the cost and the memory
/// plan. It holds no numbers and reads no file.
public protocol Network: Sendable {
  /// The name in pipelines and keys, such as "adm-unet".
  static var architecture: String { get }
  /// Enters keys; raised when the same configuration gives other numbers.
  static var version: Int { get }

  /// Reads a configuration under the original argument names. Throws `PlumbError` whose place is the field that is
  /// unknown, missing, ill-typed or out of range.
  init(configuration: JSONValue) throws

  /// The same configuration with every default filled in: one form for one meaning, so it may enter keys.
  var configuration: JSONValue { get }
  /// What the input "x" holds.
  var image: ImageShape { get }
  /// Channels of the output "out"; 0 for a network that does not give pictures.
  var outputChannels: Int { get }
  /// Classes of the input "labels"; nil when the network is not conditional.
  var classCount: Int? { get }
  static var role: NetworkRole { get }
  /// Of a network over timesteps: what its authors' samplers take for granted. Guided-diffusion's unless said.
  static var conventions: ChainConventions { get }
  /// The label that stands for no class, in networks trained to be guided without a classifier; nil where the configuration
  /// does not tell.
  var nullClass: Int? { get }
  /// How many of an image's channels are guided, the first ones.
  var guidedChannels: Int { get }
  /// Values inside the network that can be handed out besides its results.
  static var taps: Set<String> { get }

  /// Builds the graph. A diffusion network has the inputs "x" (NCHW), "timesteps" and, when conditional, "labels", and the
  /// output "out"; each of `taps` adds an output of that name. Throws on an unknown tap.
  func graph(taps: Set<String>) throws -> Graph

  /// Every tensor a checkpoint must have, in the order of the graph.
  func parameters() throws -> [ParameterSpec]

  /// What a checkpoint tells of a network of this architecture; nil when it holds none. Reads names, shapes and plain
  /// values, and at most a few small tensors.
  static func recognise(_ source: any TensorSource) throws -> Recognition?

  /// The parameters under the graph's names, wherever the authors' files keep them. Throws when `choice` is not there.
  func tensors(in source: any TensorSource, choice: WeightChoice) throws -> any TensorSource
}

extension Network {
  public static var role: NetworkRole { .noise }
  public static var conventions: ChainConventions { ChainConventions(variance: .fixedLarge, spacing: .even) }

  public var nullClass: Int? { nil }
  public var guidedChannels: Int { image.channels }

  public func parameters() throws -> [ParameterSpec] { try graph(taps: []).parameters }

  public static func recognise(_ source: any TensorSource) throws -> Recognition? { nil }

  public func tensors(in source: any TensorSource, choice: WeightChoice) throws -> any TensorSource {
    source.under(try WeightSets(unnamed: "").prefix(choice))
  }

  /// The graph without taps.
  public func graph() throws -> Graph { try graph(taps: []) }

  /// Throws unless every one of `taps` is known.
  func check(taps: Set<String>) throws {
    for tap in taps.sorted() where !Self.taps.contains(tap) {
      throw PlumbError(
        "\(Self.architecture) has no such value to hand out", kind: .input, at: tap,
        expected: Self.taps.isEmpty ? "no taps" : Self.taps.sorted().joined(separator: ", "))
    }
  }
}
