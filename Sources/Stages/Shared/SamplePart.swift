import ArtifactStore
import Basics

/// The parts of an artifact of many images, each named after those it holds: `32-64`.
enum SamplePart {
  static func name(_ samples: Range<Int>) -> String { "\(samples.lowerBound)-\(samples.upperBound)" }

  /// How many images a part holds. Throws when its name does not say.
  static func count(_ part: Artifact.Part) throws -> Int {
    let bounds = part.name.split(separator: "-").compactMap { Int($0) }
    guard bounds.count == 2, bounds[0] < bounds[1] else {
      throw PlumbError("a part of samples does not say which it holds", expected: "FIRST-END", found: part.name.printable(limit: 80))
    }
    return bounds[1] - bounds[0]
  }
}
