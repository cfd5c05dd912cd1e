public import Basics

/// The npy format: magic, version, a header that is a Python dict literal, raw elements.
public enum Npy {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads a whole npy file held in memory. Arrays in column order or big-endian are turned; unsigned integers of 16, 32
  /// and 64 bits are widened to the next signed type. Throws on object and structured arrays.
  public static func parse(_ bytes: [UInt8]) throws -> HostTensor {
    let header = try NpyHeader(bytes, fileSize: bytes.count)
    return try header.tensor(from: Array(bytes[header.size...]))
  }

  /// The bytes of an npy file (version 1.0, row order, little-endian), its header padded as numpy does it.
  public static func encode(_ tensor: HostTensor) -> [UInt8] {
    let shape = tensor.shape.count == 1 ? "(\(tensor.shape[0]),)" : "(\(tensor.shape.map(String.init).joined(separator: ", ")))"
    var header = "{'descr': '\(NpyElement.code(of: tensor.dtype))', 'fortran_order': False, 'shape': \(shape), }"
    header += String(repeating: " ", count: 63 - (magic.count + 4 + header.utf8.count) % 64) + "\n"
    var bytes = magic + [1, 0]
    bytes.append(littleEndian: UInt16(truncatingIfNeeded: header.utf8.count))
    return bytes + Array(header.utf8) + tensor.bytes
  }
}
