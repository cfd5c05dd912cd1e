public import Basics
public import Networks
public import StageSchema

public struct DatasetFacts: PortFacts, Hashable {
  public let count: Int
  public let image: ImageShape
  /// Whether they are latents of a first stage, in floats, and not pictures.
  public let areLatents: Bool

  public init(count: Int, image: ImageShape, areLatents: Bool = false) {
    self.count = count
    self.image = image
    self.areLatents = areLatents
  }

  /// What the artifact says of itself, a part of its digest: `{"count": 50, "image": [3, 8, 8]}`, and `"latents": true`.
  public var json: JSONValue {
    var fields: [String: JSONValue] = ["count": JSONValue(count), "image": JSONValue([image.channels, image.height, image.width])]
    if areLatents { fields["latents"] = true }
    return .object(fields)
  }

  /// Bytes in memory.
  public var byteCount: Int { count * image.count * (areLatents ? 4 : 1) }
}

public struct SampleFacts: PortFacts, Hashable {
  public let count: Int
  public let image: ImageShape

  public init(count: Int, image: ImageShape) {
    self.count = count
    self.image = image
  }
}

/// A curve, scores or a table, of which nothing is known before they are there.
public struct ResultFacts: PortFacts, Hashable {
  public init() {}
}
