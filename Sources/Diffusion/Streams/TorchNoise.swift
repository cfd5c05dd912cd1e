import Basics
import Synchronization

/// The noise and classes a published script draws from PyTorch's CPU generators, for comparing with its samples.
///
/// The streams are sequential; places that were visited are kept behind a lock, so that lanes may ask in any order. A
/// sample far from the start of a shared stream costs a pass over the numbers before it.
public final class TorchNoise: NoiseSource, Hashable {
  public let draws: TorchDraws
  private let store = Mutex(TorchDrawStore())

  public init(_ draws: TorchDraws) { self.draws = draws }

  public static func == (left: TorchNoise, right: TorchNoise) -> Bool { left.draws == right.draws }
  public func hash(into hasher: inout Hasher) { hasher.combine(draws) }

  public func normals(into values: UnsafeMutableBufferPointer<Float>, sample: Int, purpose: NoisePurpose, step: Int) throws {
    let (drawn, start) = try self.values(sample: sample, purpose: purpose, step: step, count: values.count)
    switch drawn {
    case .singles(let numbers): for position in values.indices { values[position] = numbers[start + position] }
    case .doubles(let numbers): for position in values.indices { values[position] = Float(numbers[start + position]) }
    case .labels: throw Self.noDraw(purpose, step)
    }
  }

  public func doubleNormals(into values: UnsafeMutableBufferPointer<Double>, sample: Int, purpose: NoisePurpose, step: Int) throws {
    let (drawn, start) = try self.values(sample: sample, purpose: purpose, step: step, count: values.count)
    switch drawn {
    case .singles(let numbers): for position in values.indices { values[position] = Double(numbers[start + position]) }
    case .doubles(let numbers): for position in values.indices { values[position] = numbers[start + position] }
    case .labels: throw Self.noDraw(purpose, step)
    }
  }

  /// The class of a sample. Throws when no classes are drawn.
  public func label(ofSample sample: Int) throws -> Int32 {
    guard draws.classCount != nil else { throw PlumbError("no classes are drawn", kind: .input) }
    let (place, row) = try self.place(sample, .labels)
    guard case .labels(let labels) = try store.withLock({ try $0.values(at: place, of: draws) }), labels.indices.contains(row),
      let label = Int32(exactly: labels[row])
    else { throw PlumbError("no class was drawn for this sample", kind: .input, found: "\(sample)") }
    return label
  }

  private func values(
    sample: Int, purpose: NoisePurpose, step: Int, count: Int
  ) throws -> (values: TorchDrawStore.Values, start: Int) {
    let draw: TorchDraws.Draw
    switch purpose {
    case .start:
      draw = .start
    case .step where (0..<draws.steps).contains(step):
      draw = .step(draws.steps - 1 - step)
    default:
      throw Self.noDraw(purpose, step)
    }
    guard count == draws.elementCount else {
      throw PlumbError("random draws of another size", kind: .input, expected: "\(draws.elementCount) values", found: "\(count)")
    }
    let (place, row) = try place(sample, draw)
    return (try store.withLock { try $0.values(at: place, of: draws) }, row * count)
  }

  /// Where a draw of a sample stands, and the sample's row in it.
  private func place(_ sample: Int, _ draw: TorchDraws.Draw) throws -> (place: TorchDrawStore.Place, row: Int) {
    guard (0...Int(UInt32.max)).contains(sample) else {
      throw PlumbError("a random stream ends here", kind: .input, expected: "a sample below 2^32", found: "sample \(sample)")
    }
    let position = draws.position(of: draw)
    switch draws.sharing {
    case .samples:
      return (TorchDrawStore.Place(stream: sample, position: position), 0)
    case .batches(let size):
      return (TorchDrawStore.Place(stream: 0, position: sample / size * draws.drawsPerRound + position), sample % size)
    }
  }

  private static func noDraw(_ purpose: NoisePurpose, _ step: Int) -> PlumbError {
    PlumbError(
      "the script draws nothing for this", kind: .input, expected: "x_T or the noise of a step", found: "\(purpose) of step \(step)")
  }
}
