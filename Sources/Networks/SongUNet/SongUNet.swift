public import Basics
public import Engine

/// DDPM++ and NCSN++ as EDM has them: `SongUNet` of `training/networks.py` (Karras et al. 2022, arXiv:2206.00364), with every
/// option of its constructor, configured under the original argument names. See `EDMNetwork` for inputs, outputs and taps.
public struct SongUNet: EDMNetwork {
  public static let architecture = "song-unet"
  public static let version = 1

  let arguments: SongUNetConfiguration
  public let blockNames: [String]

  /// Throws `PlumbError` whose place is the argument at fault.
  public init(configuration: JSONValue) throws {
    let arguments = try SongUNetConfiguration(configuration)
    var layers = SongUNetLayers(arguments, taps: [], isAugmented: false)
    do { _ = try layers.build() } catch let error as PlumbError { throw error.at("channel_mult") }
    self.arguments = arguments
    blockNames = layers.blockNames
  }

  public var configuration: JSONValue { arguments.canonical }
  public var image: ImageShape { arguments.common.image }
  public var outputChannels: Int { arguments.common.outChannels }
  public var classCount: Int? { arguments.common.labelDim > 0 ? arguments.common.labelDim : nil }
  public var augmentWidth: Int { arguments.common.augmentDim }

  public func graph(taps: Set<String>, isAugmented: Bool) throws -> Graph {
    try check(taps: taps, isAugmented: isAugmented)
    var layers = SongUNetLayers(arguments, taps: taps, isAugmented: isAugmented)
    return try layers.build()
  }
}
