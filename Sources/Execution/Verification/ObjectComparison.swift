import Basics
import Checkpoints

/// How far two byte strings that should be the same are apart, as numbers where they hold numbers.
public struct ObjectComparison: Sendable, Hashable {
  /// Same bytes.
  public var isEqual = true
  /// The largest difference, relative to the largest magnitude of its tensor; for pictures of bytes in levels.
  public var largest = 0.0
  /// The largest difference among bytes.
  public var levels = 0
  /// First row that is off by more than the tolerance, of a tensor whose first axis counts the samples.
  public var row: Int?
  /// What cannot be compared as numbers, in words.
  public var mismatch: String?

  /// Whether numbers may differ by this much and still be called equal within the tolerance: pictures by one level.
  public func isWithin(_ tolerance: Double) -> Bool { mismatch == nil && row == nil && largest <= tolerance && levels <= 1 }

  public mutating func merge(_ other: ObjectComparison) {
    isEqual = isEqual && other.isEqual
    largest = max(largest, other.largest)
    levels = max(levels, other.levels)
    row = [row, other.row].compactMap { $0 }.min()
    mismatch = mismatch ?? other.mismatch
  }

  /// Nothing compared yet.
  public init() {}

  /// Compares the object `name`: safetensors tensor by tensor, JSON number by number, others by their bytes.
  /// - Parameter samples: the length of a first axis that counts samples.
  public init(_ name: String, expected: [UInt8], found: [UInt8], tolerance: Double, samples: Int? = nil) {
    guard expected != found else { return }
    isEqual = false
    if let expected = try? Safetensors.decode(expected), let found = try? Safetensors.decode(found) {
      compare(expected, found, name, tolerance, samples)
    } else if let expected = try? JSONValue(parsing: expected), let found = try? JSONValue(parsing: found) {
      compare(expected, found, at: name)
    } else {
      mismatch = "\(name): other bytes (\(expected.count) expected, \(found.count) found)"
    }
  }

  private mutating func compare(
    _ expected: SafetensorsContents, _ found: SafetensorsContents, _ name: String, _ tolerance: Double, _ samples: Int?
  ) {
    let (names, foundNames) = (expected.entries.map(\.name).sorted(), found.entries.map(\.name).sorted())
    guard names == foundNames else {
      mismatch = "\(name): tensors \(names.joined(separator: ", ")) expected, \(foundNames.joined(separator: ", ")) found"
      return
    }
    for tensor in names {
      guard let old = try? expected.read(tensor), let new = try? found.read(tensor), old.dtype == new.dtype, old.shape == new.shape else {
        mismatch = "\(name): tensor \(tensor) has another type or shape"
        continue
      }
      compare(old, new, tolerance, countsSamples: old.shape.count > 1 && old.shape.first == samples)
    }
  }

  private mutating func compare(_ expected: HostTensor, _ found: HostTensor, _ tolerance: Double, countsSamples: Bool) {
    let (old, new) = (expected.doubles(), found.doubles())
    let isBytes = expected.dtype == .uint8
    let scale = isBytes ? 1 : max(old.reduce(0) { max($0, abs($1)) }, .leastNormalMagnitude)
    let rowLength = max(1, expected.shape.dropFirst().reduce(1, *))
    for (position, (a, b)) in zip(old, new).enumerated() where a != b && !(a.isNaN && b.isNaN) {
      let difference = abs(a - b) / scale
      if isBytes { levels = max(levels, Int(difference)) } else { largest = max(largest, difference.isNaN ? .infinity : difference) }
      if countsSamples, isBytes ? difference > 1 : !(difference <= tolerance) { row = min(row ?? .max, position / rowLength) }
    }
  }

  private mutating func compare(_ expected: JSONValue, _ found: JSONValue, at path: String) {
    switch (expected, found) {
    case (.object(let old), .object(let new)):
      for name in Set(old.keys).union(new.keys).sorted() { compare(old[name] ?? .null, new[name] ?? .null, at: "\(path).\(name)") }
    case (.list(let old), .list(let new)) where old.count == new.count:
      for (index, pair) in zip(old, new).enumerated() { compare(pair.0, pair.1, at: "\(path)[\(index)]") }
    default:
      guard expected != found else { return }
      if let old = expected.double, let new = found.double {
        largest = max(largest, abs(old - new) / max(abs(old), abs(new), .leastNormalMagnitude))
      } else if mismatch == nil {
        mismatch = "\(path) differs"
      }
    }
  }
}
