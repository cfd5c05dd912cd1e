import ArtifactStore
import Basics
import Networks
import StageRuntime
import StageSchema

/// An array of random numbers that were drawn elsewhere.
enum NoiseArray: String, Sendable, Hashable, CaseIterable {
  case start, steps, radius, labels

  var meaning: String {
    switch self {
    case .start: "what chains start from, [N, C, H, W]: x_T, or the noise that x_0 is given"
    case .steps: "the noise of steps, [T', N, C, H, W], that of the noisiest step first"
    case .radius: "the normals behind the radius of PFGM++'s prior, [N, C H W + D]"
    case .labels: "the class of each sample, [N]"
    }
  }
}

/// Random numbers that were drawn elsewhere: which there are, and for how many samples.
struct NoiseFacts: PortFacts, Hashable {
  let shapes: [NoiseArray: [Int]]

  /// Samples there are numbers for.
  var count: Int { shapes[.start]?[0] ?? 0 }
  var image: ImageShape {
    let start = shapes[.start] ?? [0, 0, 0, 0]
    return ImageShape(channels: start[1], height: start[2], width: start[3])
  }
  /// Normals behind the radius of a sample; nil where none were drawn.
  var radiusWidth: Int? { shapes[.radius]?[1] }
  /// Steps there is noise for; nil where none was drawn.
  var steps: Int? { shapes[.steps]?[0] }
  /// Bytes in memory.
  var byteCount: Int { shapes.values.reduce(0) { $0 + 4 * $1.reduce(1, *) } }

  /// Throws a `PlumbError` when arrays are missing or do not fit each other.
  init(_ shapes: [NoiseArray: [Int]], at place: String) throws {
    guard let start = shapes[.start], start.count == 4, start.allSatisfy({ $0 > 0 }) else {
      throw PlumbError(
        "there is nothing that chains start from", at: place, expected: "an array start, [N, C, H, W]",
        found: shapes[.start].map { "\($0)" } ?? "no such array")
    }
    let elements = try HostTensor.elementCount(Array(start.dropFirst()))
    if let radius = shapes[.radius], radius.count == 2, radius[1] <= elements {
      throw PlumbError(
        "an array does not fit \(NoiseArray.start.rawValue)", at: "\(place): \(NoiseArray.radius.rawValue)",
        expected: "more than \(elements) normals a sample: \(NoiseArray.radius.meaning)", found: "\(radius)")
    }
    let expected: [NoiseArray: (shape: [Int], varies: Int?)] = [
      .start: (start, nil), .steps: ([0] + start, 0), .labels: ([start[0]], nil), .radius: ([start[0], 0], 1),
    ]
    for (array, shape) in shapes {
      guard let wanted = expected[array] else { continue }
      let fits = shape.count == wanted.shape.count && shape.indices.allSatisfy { shape[$0] == wanted.shape[$0] || $0 == wanted.varies }
      guard fits, shape.allSatisfy({ $0 > 0 }) else {
        throw PlumbError(
          "an array does not fit \(NoiseArray.start.rawValue)", at: "\(place): \(array.rawValue)", expected: array.meaning,
          found: "\(shape)")
      }
    }
    self.shapes = shapes
  }

  /// Reads them back from an artifact.
  init(_ artifact: Artifact) throws {
    var shapes: [NoiseArray: [Int]] = [:]
    for (name, value) in artifact.facts.object ?? [:] {
      if let array = NoiseArray(rawValue: name) { shapes[array] = value.list?.compactMap(\.integer) }
    }
    try self.init(shapes, at: "artifact")
  }

  var json: JSONValue {
    .object(Dictionary(uniqueKeysWithValues: shapes.map { ($0.key.rawValue, JSONValue($0.value)) }))
  }
}
