package import Basics

/// What is known of generated images before one is opened: how many there are, and their shape.
///
/// It is the `facts` of a samples artifact, `{"count": 2000, "image": [1, 8, 8]}`, and so a part of that artifact's digest.
package struct SampleSet: Sendable, Hashable {
  static let format = 1

  package let count: Int
  package let channels: Int
  package let height: Int
  package let width: Int

  package init(count: Int, channels: Int, height: Int, width: Int) {
    (self.count, self.channels, self.height, self.width) = (count, channels, height, width)
  }

  /// The tensor of each part of the artifact, [N, C, H, W], one byte a value.
  package static let tensorName = "images"

  private enum Key: String {
    case count, image
  }

  package var json: JSONValue {
    JSONValue(fields: [Key.count: JSONValue(count), .image: JSONValue([channels, height, width])])
  }

  package init(json: JSONValue) throws {
    let fields = try Fields<Key>(json, of: "a set of samples")
    try ResultFormat.check(json, newest: Self.format, what: "a set of samples")
    count = try fields.required(.count, "a whole number from 0 on") { value in value.integer.flatMap { $0 >= 0 ? $0 : nil } }
    let image = try fields.required(.image, "channels, height and width") { value -> [Int]? in
      guard let extents = value.list.flatMap({ Fields<Key>.all($0, \.integer) }), extents.count == 3, extents.allSatisfy({ $0 > 0 }) else {
        return nil
      }
      return extents
    }
    (channels, height, width) = (image[0], image[1], image[2])
  }
}
