import Basics
package import Checkpoints
import Networks

/// Images in one array of uint8: `arr_0` of an npz as guided-diffusion's scripts write it, or an npy.
package struct SampleArray: SampleFiles {
  let count: Int
  let image: ImageShape
  private let source: any TensorSource
  private let entry: TensorEntry
  private let isChannelsLast: Bool
  private var bytes: [UInt8] = []

  var residentBytes: Int { count * image.count }

  /// Reads the header of a file. `array` names the array; nil stands for `arr_0`, `images` or the only one.
  package init(path: String, array: String?, isChannelsLast: Bool) throws {
    try self.init(CheckpointFile.open(path), path: path, array: array, isChannelsLast: isChannelsLast)
  }

  /// The same of a file that is open already; `path` is for messages.
  package init(_ source: any TensorSource, path: String, array: String?, isChannelsLast: Bool) throws {
    self.source = source
    let names = source.entries.map(\.name)
    let name = array ?? ["arr_0", "images"].first(where: names.contains) ?? (names.count == 1 ? names.first : nil)
    guard let entry = source.entries.first(where: { $0.name == name }) else {
      throw PlumbError(
        "the file has no array of samples", kind: .input, at: path, expected: array ?? "arr_0",
        found: names.isEmpty ? "no arrays" : names.prefix(8).joined(separator: ", "))
    }
    guard entry.dtype == .uint8, entry.shape.count == 4, entry.shape.allSatisfy({ $0 > 0 }) else {
      throw PlumbError(
        "the array does not hold 8-bit images", kind: .input, at: "\(path): \(entry.name.isEmpty ? "array" : entry.name)",
        expected: "uint8 with four axes", found: "\(entry.dtype.rawValue) \(entry.shape)")
    }
    let shape = isChannelsLast ? [entry.shape[0], entry.shape[3], entry.shape[1], entry.shape[2]] : entry.shape
    guard shape[1] == 1 || shape[1] == 3 else {
      throw PlumbError(
        "images are grey or RGB; is the layout another one?", kind: .input, at: path, expected: "1 or 3 channels", found: "\(entry.shape)")
    }
    self.entry = entry
    self.isChannelsLast = isChannelsLast
    count = shape[0]
    image = try ImageShape(checking: shape[1], height: shape[2], width: shape[3])
  }

  package mutating func read(_ range: Range<Int>) throws -> [UInt8] {
    if bytes.isEmpty { bytes = try source.read(entry.name).bytes }
    let slice = bytes[range.lowerBound * image.count..<range.upperBound * image.count]
    guard isChannelsLast else { return Array(slice) }
    return range.flatMap { planes(ofRows: bytes[$0 * image.count..<($0 + 1) * image.count], image) }
  }
}
