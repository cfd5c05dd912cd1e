/// Generators at the places of their streams that were visited, and the last draws: so that a draw asked for again, or
/// the next one, need not begin at the start of the stream. What it holds changes no number.
struct TorchDrawStore {
  /// A place in a stream: the number of draws before it.
  struct Place: Hashable {
    let stream: Int
    let position: Int
  }

  /// The values of one draw of a round.
  enum Values {
    case labels([Int64])
    case singles([Float])
    case doubles([Double])

    fileprivate var byteCount: Int {
      switch self {
      case .labels(let values): 8 * values.count
      case .singles(let values): 4 * values.count
      case .doubles(let values): 8 * values.count
      }
    }
  }

  /// 2.5 KB each.
  private static let generatorLimit = 4096
  static let valueByteLimit = 128 << 20

  private var generators: [Place: TorchGenerator] = [:]
  private var visited: [Place] = []
  private var kept: [(place: Place, values: Values)] = []
  private var keptBytes = 0

  /// The values of a draw. Throws what `integers` throws.
  mutating func values(at place: Place, of draws: TorchDraws) throws -> Values {
    if let recent = kept.last(where: { $0.place == place }) { return recent.values }
    var generator = try generator(at: place, of: draws)
    let values = try generator.take(place.position, of: draws)
    keep(generator, at: Place(stream: place.stream, position: place.position + 1))
    kept.append((place, values))
    keptBytes += values.byteCount
    while keptBytes > Self.valueByteLimit, kept.count > 1 { keptBytes -= kept.removeFirst().values.byteCount }
    return values
  }

  private mutating func generator(at place: Place, of draws: TorchDraws) throws -> TorchGenerator {
    if let generator = generators[place] { return generator }
    var (generator, position) = (TorchGenerator(seed: draws.seed &+ UInt64(place.stream)), 0)
    for (earlier, candidate) in generators where earlier.stream == place.stream {
      if earlier.position <= place.position, earlier.position > position { (generator, position) = (candidate, earlier.position) }
    }
    while position < place.position {
      try generator.skip(position, of: draws)
      position += 1
    }
    keep(generator, at: place)
    return generator
  }

  private mutating func keep(_ generator: TorchGenerator, at place: Place) {
    if generators.updateValue(generator, forKey: place) == nil { visited.append(place) }
    guard visited.count > Self.generatorLimit else { return }
    for place in visited.prefix(Self.generatorLimit / 2) { generators[place] = nil }
    visited.removeFirst(Self.generatorLimit / 2)
  }
}

extension TorchGenerator {
  /// The draw that is number `position` of its stream.
  fileprivate mutating func take(_ position: Int, of draws: TorchDraws) throws -> TorchDrawStore.Values {
    switch draws.draw(at: position % draws.drawsPerRound) {
    case .labels:
      return .labels(try integers(draws.roundSize, from: 0, below: Int64(draws.classCount ?? 1)))
    case .start:
      return .singles(normals(draws.roundSize * draws.elementCount, as: Float.self))
    case .step:
      let count = draws.copiesPerStep * draws.roundSize * draws.elementCount
      return draws.stepPrecision == .float32 ? .singles(normals(count, as: Float.self)) : .doubles(normals(count, as: Double.self))
    }
  }

  /// Passes over that draw.
  fileprivate mutating func skip(_ position: Int, of draws: TorchDraws) throws {
    switch draws.draw(at: position % draws.drawsPerRound) {
    case .labels:
      _ = try integers(draws.roundSize, from: 0, below: Int64(draws.classCount ?? 1))
    case .start:
      skipNormals(draws.roundSize * draws.elementCount, as: Float.self)
    case .step:
      let count = draws.copiesPerStep * draws.roundSize * draws.elementCount
      if draws.stepPrecision == .float32 { skipNormals(count, as: Float.self) } else { skipNormals(count, as: Double.self) }
    }
  }
}
